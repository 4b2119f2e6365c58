using System.Collections.Immutable;
using Conversations.Client.Sessions;
using Conversations.History;
using Conversations.Turns;

namespace Conversations.Unit.Tests.Client.Sessions;

public sealed class FingerprintTests
{
    private static readonly ImmutableArray<ItemBody> Hi = [new Message(Role.User, [new InputText("hi")])];

    [Fact]
    public void Of_SameRequestByAnotherWay_IsTheSame() => Assert.True(
        Of(Hi, new TurnOptions { Agent = "a", Background = true, RequestId = "1" }).SequenceEqual(Of(Hi, new TurnOptions { Agent = "a", RequestId = "2" })));

    [Fact]
    public void Of_OtherWordsOrOptions_Differs()
    {
        var one = Of(Hi, new TurnOptions());

        Assert.Equal(32, one.Length);
        Assert.False(one.SequenceEqual(Of([new Message(Role.User, [new InputText("ho")])], new TurnOptions())));
        Assert.False(one.SequenceEqual(Of([new Message(Role.System, [new InputText("hi")])], new TurnOptions())));
        Assert.False(one.SequenceEqual(Of(Hi, new TurnOptions { Temperature = 0.5 })));
        Assert.False(one.SequenceEqual(Fingerprint.Of(Hi, new TurnOptions(), callsModel: false).ToArray()));
    }

    private static byte[] Of(ImmutableArray<ItemBody> input, TurnOptions options) => Fingerprint.Of(input, options).ToArray();
}
