using Conversations.Client.OpenAI.Parsing;
using Conversations.Client.OpenAI.Shapes;
using Conversations.Client.Requests;
using Conversations.Journal.Sharding;
using Conversations.Turns;
using Conversations.Unit.Tests.Client.OpenAI;

namespace Conversations.Unit.Tests.Client.Requests;

public sealed class TurnAddressTests
{
    [Fact]
    public void Of_NamedConversation_IsMadeOnUse()
    {
        var address = Of("""{"input": "hi", "conversation": "user-42"}""");

        Assert.Equal("acme/user-42", address.Session.ToString());
        Assert.True(address.MakesSession);
        Assert.True(address.IsFresh);
    }

    [Fact]
    public void Of_MintedConversation_MustExist() => Assert.False(Of("""{"input": "hi", "conversation": "conv_1"}""").MakesSession);

    [Theory]
    [InlineData("..")]
    [InlineData("../x")]
    [InlineData("a b")]
    [InlineData("ä")]
    [InlineData("")]
    public void Of_UnsoundConversation_IsRefused(string id)
    {
        var error = Body.Refusal(() => Of($$"""{"input": "hi", "conversation": "{{id}}"}"""));

        Assert.Equal((400, "conversation"), (error.Status, error.Param));
    }

    [Fact]
    public void Of_NothingNamed_IsASessionOfItsOwn()
    {
        var one = Of("""{"input": "hi"}""");

        Assert.StartsWith("acme/conv_", one.Session.ToString(), StringComparison.Ordinal);
        Assert.True(one.MakesSession);
        Assert.NotEqual(one.Session, Of("""{"input": "hi"}""").Session);
    }

    [Fact]
    public void Of_NothingNamedButAKey_IsFoundAgain()
    {
        var one = Of("""{"input": "hi"}""", "key");

        Assert.Equal(one, Of("""{"input": "hi"}""", "key"));
        Assert.NotEqual(one.Session, Of("""{"input": "hi"}""", "other").Session);
        Assert.True(one.MakesSession);
        Assert.False(one.IsFresh);
    }

    [Fact]
    public void Of_SameKeyInTwoSessions_IsTwoTurns() => Assert.NotEqual(
        Of("""{"input": "hi", "conversation": "a"}""", "key").Turn, Of("""{"input": "hi", "conversation": "b"}""", "key").Turn);

    [Fact]
    public void Of_PreviousResponse_IsInItsSessionWhichMustExist()
    {
        var previous = new ResponseId("user-42", new TurnId(Guid.NewGuid()));

        var address = Of($$"""{"input": "hi", "previous_response_id": "{{previous}}"}""");

        Assert.Equal("acme/user-42", address.Session.ToString());
        Assert.False(address.MakesSession);
    }

    [Theory]
    [InlineData("key")]
    [InlineData(null)]
    public void OfBranch_OverSeveralDatabases_LivesWithItsParent(string? key)
    {
        var shards = new ShardMap(7);
        var wish = WishOf("""{"input": "hi", "conversation": "user-42"}""", key);
        var parent = TurnAddress.Of(wish, TimeProvider.System);
        var branch = TurnAddress.OfBranch(parent, wish, shards);

        Assert.True(shards.AreTogether(parent.Session, branch.Session));
        Assert.Equal(key is not null, branch == TurnAddress.OfBranch(parent, wish, shards));
    }

    private static TurnAddress Of(string json, string? key = null) => TurnAddress.Of(WishOf(json, key), TimeProvider.System);

    private static TurnWish WishOf(string json, string? key) => CreateResponse.Read(Body.Of(json)).WishOf("acme") with { IdempotencyKey = key };
}
