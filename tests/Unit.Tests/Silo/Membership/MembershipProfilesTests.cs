using Conversations.Silo.Membership;
using Orleans.Configuration;

namespace Conversations.Unit.Tests.Silo.Membership;

public sealed class MembershipProfilesTests
{
    [Theory]
    [InlineData("Fast", 1.0, 0.5, 1.5, 3.0)]
    [InlineData("Steady", 2.0, 1.0, 3.0, 6.0)]
    public void Apply_Profile_SetsItsNumbers(string name, double probe, double shortest, double longest, double stoppedIsOut)
    {
        var options = new ClusterMembershipOptions();

        Enum.Parse<MembershipProfile>(name).Apply(options);

        Assert.Equal(
            (probe, shortest, longest),
            (options.ProbeTimeout.TotalSeconds, options.MinProbeTimeout.TotalSeconds, options.MaxProbeTimeout.TotalSeconds));
        // What the profile promises of a silo that is stopped.
        Assert.Equal(stoppedIsOut, options.MaxProbeTimeout.TotalSeconds * options.NumMissedProbesLimit);
        Assert.Equal((5.0, 5.0, 3), (
            options.TableRefreshTimeout.TotalSeconds, options.IAmAliveTablePublishTimeout.TotalSeconds, options.NumMissedTableIAmAliveLimit));
    }
}
