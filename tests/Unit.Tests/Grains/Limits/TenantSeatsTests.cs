using System.Collections.Immutable;
using Conversations.Grains.Limits;
using Conversations.Grains.Sessions;
using Microsoft.Extensions.Options;

namespace Conversations.Unit.Tests.Grains.Limits;

public sealed class TenantSeatsTests
{
    private const int Bound = 50;

    private readonly TenantSeats _seats = new(Options.Create(new SessionOptions { TurnsPerTenant = Bound }));

    [Fact]
    public void TryTake_ByManyAtOnce_GivesExactlyAsManyAsThereAre()
    {
        var taken = 0;
        Parallel.For(0, 20 * Bound, _ =>
        {
            if (_seats.TryTake("acme")) Interlocked.Increment(ref taken);
        });
        Assert.Equal(Bound, taken);
        Parallel.For(0, Bound, _ => _seats.Leave("acme"));
        Assert.Empty(_seats.Here);
    }

    [Fact]
    public void TryTake_AtTheBound_RefusesThatTenantAlone()
    {
        for (var i = 0; i < Bound; i++) Assert.True(_seats.TryTake("acme"));
        Assert.False(_seats.TryTake("acme"));
        Assert.True(_seats.TryTake("other"));
        _seats.Leave("acme");
        Assert.True(_seats.TryTake("acme"));
    }

    [Fact]
    public void TryTake_WithOthersElsewhere_CountsThem()
    {
        _seats.Learn(ImmutableDictionary<string, int>.Empty.Add("acme", Bound - 1));
        Assert.True(_seats.TryTake("acme"));
        Assert.False(_seats.TryTake("acme"));
        _seats.Learn(ImmutableDictionary<string, int>.Empty);
        Assert.True(_seats.TryTake("acme"));
    }

    [Fact]
    public void Take_OfWhatWasAcceptedBefore_IsNeverRefused()
    {
        for (var i = 0; i < 2 * Bound; i++) _seats.Take("acme");
        Assert.Equal(2 * Bound, _seats.Here["acme"]);
        Assert.False(_seats.TryTake("acme"));
    }
}
