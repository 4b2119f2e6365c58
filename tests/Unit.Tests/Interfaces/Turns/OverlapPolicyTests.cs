using Conversations.Turns;
using CsCheck;

namespace Conversations.Unit.Tests.Interfaces.Turns;

public sealed class OverlapPolicyTests
{
    [Theory]
    [InlineData("enqueue", OverlapKind.Enqueue, null)]
    [InlineData("reject", OverlapKind.Reject, null)]
    [InlineData("interrupt", OverlapKind.Interrupt, null)]
    [InlineData("rollback", OverlapKind.Rollback, null)]
    [InlineData("latest", OverlapKind.Latest, null)]
    [InlineData("merge", OverlapKind.Merge, null)]
    [InlineData("debounce", OverlapKind.Debounce, null)]
    [InlineData("debounce;ms=0", OverlapKind.Debounce, 0)]
    [InlineData("Debounce; ms=600000", OverlapKind.Debounce, 600_000)]
    public void TryParse_WhatTheRuleNames_IsThatPolicy(string text, OverlapKind kind, int? ms)
    {
        Assert.True(OverlapPolicy.TryParse(text, out var policy));
        Assert.Equal(new OverlapPolicy(kind, ms is { } delay ? TimeSpan.FromMilliseconds(delay) : null), policy);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("queue")]
    [InlineData("0")]
    [InlineData("+1")]
    [InlineData("merge;ms=5")]
    [InlineData("debounce;")]
    [InlineData("debounce;ms=")]
    [InlineData("debounce;ms=-1")]
    [InlineData("debounce;ms=600001")]
    [InlineData("debounce;ms=99999999999")]
    [InlineData("debounce;ms=1;ms=2")]
    public void TryParse_AnythingElse_IsRefused(string? text) => Assert.False(OverlapPolicy.TryParse(text, out _));

    [Theory]
    [InlineData("interrupt,reject")]
    [InlineData("rollback,latest")]
    public void TryParse_SeveralPolicies_IsRefused(string text) => Assert.False(OverlapPolicy.TryParse(text, out _));

    [Fact]
    public void TryParse_AnyText_IsRefusedOrAPolicyThereIs() => AnyText.Any.Sample(text =>
        Assert.All(new[] { text, "merge" + text, "debounce;ms=" + text }, candidate =>
        {
            if (OverlapPolicy.TryParse(candidate, out var policy)) Assert.True(Enum.IsDefined(policy.Kind));
        }));
}
