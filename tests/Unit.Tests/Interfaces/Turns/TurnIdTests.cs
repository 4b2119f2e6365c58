using Conversations.Sessions;
using Conversations.Turns;
using CsCheck;

namespace Conversations.Unit.Tests.Interfaces.Turns;

public sealed class TurnIdTests
{
    private static readonly SessionKey Session = SessionKey.Parse("acme/42");

    [Fact]
    public void TryParse_TextOfAnyId_IsThatId() => Gen.Guid.Sample(value =>
    {
        var id = new TurnId(value);
        Assert.Matches("^[0-9a-f]{32}$", id.ToString());
        Assert.True(TurnId.TryParse(id.ToString(), out var read));
        Assert.Equal(id, read);
    });

    [Fact]
    public void TryParse_AnyText_NeverThrows() => AnyText.Any.Sample(text => Assert.False(TurnId.TryParse(text + "!", out _)));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("0198c0de00007000800000000000001")]
    [InlineData("0198c0de0000700080000000000000011")]
    [InlineData("0198c0de-0000-7000-8000-000000000001")]
    [InlineData("{0198c0de00007000800000000000001}")]
    [InlineData("0198c0de00007000800000000000000g")]
    public void TryParse_NotThirtyTwoHexDigits_IsRefused(string? text) => Assert.False(TurnId.TryParse(text, out _));

    // On disk, and computed by silos and gateways of different builds.
    [Fact]
    public void FromKey_KnownKey_IsTheIdItAlwaysWas() =>
        Assert.Equal("6c100e61200dc2983afb0f09afbe1181", TurnId.FromKey(Session, "key-1").ToString());

    [Fact]
    public void FromKey_AnyKey_IsTheSameEachTimeAndAnotherInEachSessionAndTenant() => AnyText.Any.Sample(key =>
    {
        var id = TurnId.FromKey(Session, key);
        Assert.Equal(id, TurnId.FromKey(SessionKey.Parse("acme/42"), key));
        Assert.NotEqual(id, TurnId.FromKey(SessionKey.Parse("acme/43"), key));
        Assert.NotEqual(id, TurnId.FromKey(SessionKey.Parse("acm/42"), key));
        Assert.NotEqual(id, TurnId.FromKey(Session, key + "x"));
    });

    [Fact]
    public void New_Later_SortsLater()
    {
        var first = TurnId.New(new Clock(DateTimeOffset.UnixEpoch.AddYears(50))).ToString();
        var second = TurnId.New(new Clock(DateTimeOffset.UnixEpoch.AddYears(50).AddMilliseconds(1))).ToString();

        Assert.True(string.CompareOrdinal(first, second) < 0, $"{first} {second}");
    }

    [Fact]
    public void New_SameMoment_IsAnother()
    {
        var clock = new Clock(DateTimeOffset.UnixEpoch);

        Assert.NotEqual(TurnId.New(clock), TurnId.New(clock));
    }

    private sealed class Clock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
