using Conversations.Client.OpenAI.Parsing;
using Conversations.Turns;

namespace Conversations.Unit.Tests.Client.OpenAI;

public sealed class OverlapHeaderTests
{
    [Theory]
    [InlineData("enqueue", OverlapKind.Enqueue)]
    [InlineData("reject", OverlapKind.Reject)]
    [InlineData("interrupt", OverlapKind.Interrupt)]
    [InlineData("rollback", OverlapKind.Rollback)]
    [InlineData("latest", OverlapKind.Latest)]
    [InlineData("merge", OverlapKind.Merge)]
    [InlineData("debounce", OverlapKind.Debounce)]
    public void Read_Policy_IsRead(string header, OverlapKind kind) => Assert.Equal(new OverlapPolicy(kind), OverlapHeader.Read(header));

    [Fact]
    public void Read_DebounceWithDelay_IsRead() =>
        Assert.Equal(new OverlapPolicy(OverlapKind.Debounce, TimeSpan.FromMilliseconds(800)), OverlapHeader.Read("debounce; ms=800"));

    [Fact]
    public void Read_NoHeader_IsNoPolicy() => Assert.Null(OverlapHeader.Read(""));

    [Theory]
    [InlineData("queue")]
    [InlineData("enqueue;ms=5")]
    [InlineData("debounce;ms=-1")]
    [InlineData("debounce;ms=9999999")]
    [InlineData("debounce;ms=1;x")]
    public void Read_AnythingElse_IsRefused(string header) =>
        Assert.Equal((400, "X-Overlap-Policy"), Body.Refusal(() => OverlapHeader.Read(header)) is var e ? (e.Status, e.Param) : default);
}
