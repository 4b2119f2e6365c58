using Conversations.Grains.Turns;
using Conversations.History;
using Conversations.Journal.Replay;
using Conversations.Turns;
using Conversations.Unit.Tests.Interfaces;
using CsCheck;

namespace Conversations.Unit.Tests.Grains.Turns;

public sealed class OpenItemTests
{
    private static readonly ItemId Id = new(new TurnId(Guid.AllBitsSet), 0, 1);

    [Fact]
    public void Add_AnyTextInAnyPieces_IsShownStoredAndCutAgainAlike() => Gen.Select(AnyText.Piece.Array[0, 12], Gen.Bool).Sample((pieces, isCall) =>
    {
        var item = new OpenItem(Id, 0, 2, isCall ? new CallHead("call_1", "f") : null);

        var shown = Feed(item, pieces);

        var stored = ItemEvents.TextOf(item.Body);
        Assert.Equal(AnyText.Storable(string.Concat(pieces)), stored);
        Assert.Equal(stored, string.Concat(shown));
        Assert.Equal(stored.Length, item.Length);
        Assert.Equal(shown, item.Emission.Deltas.Cut(stored));
        // Each piece travels alone: it must be whole characters, and something.
        Assert.All(shown, piece => Assert.Equal((AnyText.Storable(piece), true), (piece, piece.Length > 0)));
    });

    [Fact]
    public void Add_CharacterInTwoPieces_IsHeldBackUntilWhole()
    {
        var item = new OpenItem(Id, 0, 2, call: null);

        Assert.Equal("a", item.Add("a\uD83D"));
        Assert.Equal("\uD83D\uDE00b", item.Add("\uDE00b"));
        Assert.Null(item.Finish());
    }

    [Fact]
    public void Finish_HalfACharacterIsLeft_ShowsAReplacementOnce()
    {
        var item = new OpenItem(Id, 0, 2, call: null);

        Assert.Null(item.Add("\uD83D"));
        Assert.Null(item.Add(""));
        Assert.Equal("\uFFFD", item.Finish());
        Assert.Null(item.Finish());
    }

    [Theory]
    [InlineData(127)]
    [InlineData(128)]
    [InlineData(16_383)]
    [InlineData(16_384)]
    [InlineData(3_000_000)]
    public void Emission_LongPiece_IsCutAtItsLength(int length)
    {
        var item = new OpenItem(Id, 0, 2, call: null);
        var shown = Feed(item, ["a", new string('x', length), "b"]);

        Assert.Equal(shown, item.Emission.Deltas.Cut(ItemEvents.TextOf(item.Body)));
        Assert.Equal(2, item.Emission.FirstEvent);
    }

    [Fact]
    public void Body_OfACall_HasTheArgumentsAsText()
    {
        var item = new OpenItem(Id, 0, 2, new CallHead("call_1", "weather"));
        Feed(item, ["{\"ci", "ty\":"]);

        Assert.Equal(new FunctionCall("call_1", "weather", "{\"city\":"), item.Body);
        Assert.Equal(DeltaKind.Arguments, item.Kind);
    }

    [Fact]
    public void Body_OfARefusal_SaysSo()
    {
        var item = new OpenItem(Id, 0, 2, call: null, declines: true);
        Feed(item, ["I can", "not."]);

        Assert.Equal(new RefusalText("I cannot."), Assert.Single(Assert.IsType<Message>(item.Body).Content));
        Assert.Equal(DeltaKind.Refusal, item.Kind);
    }

    private static List<string> Feed(OpenItem item, IEnumerable<string> pieces) =>
        [.. pieces.Select(item.Add).ToList().Append(item.Finish()).OfType<string>()];
}
