using Orleans.Configuration;

namespace Conversations.Silo.Membership;

/// <summary>How fast a dead silo is noticed; <c>Cluster:Membership</c>.</summary>
internal enum MembershipProfile
{
    /// <summary>A killed silo is out in about a second, a stopped one in three. For one machine and good networks.</summary>
    Fast = 0,

    /// <summary>A killed silo is out in about two seconds, a stopped one in six. For networks with hiccups.</summary>
    Steady = 1,
}

/// <summary>The numbers behind a <see cref="MembershipProfile"/>.</summary>
internal static class MembershipProfiles
{
    public static void Apply(this MembershipProfile profile, ClusterMembershipOptions options)
    {
        var (probe, longest) = profile == MembershipProfile.Fast ? (1.0, 1.5) : (2.0, 3.0);
        options.ProbeTimeout = TimeSpan.FromSeconds(probe);
        options.MinProbeTimeout = TimeSpan.FromSeconds(probe / 2);
        // Also the time for which a message received counts as life: a stopped silo is out after this, times the limit.
        options.MaxProbeTimeout = TimeSpan.FromSeconds(longest);
        options.NumMissedProbesLimit = 2;
        options.TableRefreshTimeout = TimeSpan.FromSeconds(5);
        // After the whole cluster crashed, its rows stop counting as voters soon.
        options.IAmAliveTablePublishTimeout = TimeSpan.FromSeconds(5);
        options.NumMissedTableIAmAliveLimit = 3;
    }
}
