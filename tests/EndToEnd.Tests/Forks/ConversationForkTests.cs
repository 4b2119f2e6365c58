using System.Net;
using System.Text.Json.Nodes;
using Conversations.EndToEnd.Tests.Callers;

namespace Conversations.EndToEnd.Tests.Forks;

/// <summary><c>POST /conversations/{id}/fork</c>.</summary>
[Collection(RunningClusterGroup.Name)]
public sealed class ConversationForkTests(RunningCluster cluster)
{
    private readonly string _parent = RunningCluster.NewSession();

    [Fact]
    public async Task Fork_BeforeAMessage_IsAnEditOfIt()
    {
        var caller = cluster.Caller();
        await caller.SayAsync(_parent, "one");
        await caller.SayAsync(_parent, "tow");
        var item = await ItemAsync(2);
        var fork = (await caller.PostAsync(
            $"conversations/{_parent}/fork", new JsonObject { ["before_item"] = item, ["metadata"] = new JsonObject { ["why"] = "typo" } })).Ok();
        await cluster.Caller(1).SayAsync(fork.Id, "two");

        Assert.StartsWith("conv_", fork.Id, StringComparison.Ordinal);
        Assert.Equal((_parent, 2, "typo"), ((string)fork.Body["parent"]!["id"]!, (int)fork.Body["parent"]!["seq"]!, (string)fork.Body["metadata"]!["why"]!));
        Assert.Equal(fork.Body["parent"]!.ToJsonString(), (await caller.GetAsync($"conversations/{fork.Id}")).Body["parent"]!.ToJsonString());
        Assert.Equal(["user: one", "assistant: echo: one", "user: two", "assistant: echo: two"], await caller.TranscriptAsync(fork.Id));
        Assert.Equal(["user: one", "assistant: echo: one", "user: tow", "assistant: echo: tow"], await caller.TranscriptAsync(_parent));
    }

    [Fact]
    public async Task Fork_AtAnItem_ListsInPagesAcrossTheSeam()
    {
        var caller = cluster.Caller();
        for (var i = 0; i < 3; i++) await caller.SayAsync(_parent, $"m{i}");
        var mine = $"{_parent}-mine";
        (await caller.PostAsync($"conversations/{_parent}/fork", new JsonObject { ["id"] = mine, ["at_item"] = await ItemAsync(3) })).Ok();
        await caller.SayAsync(mine, "mine");
        var seen = new List<string>();
        for (var after = ""; ;)
        {
            var page = (await cluster.Caller(1).GetAsync($"conversations/{mine}/items?order=asc&limit=1{after}")).Ok().Body;
            seen.AddRange(Items.Describe(page["data"]!.AsArray()));
            if (!(bool)page["has_more"]!) break;
            after = $"&after={(string)page["last_id"]!}";
        }

        Assert.Equal(["user: m0", "assistant: echo: m0", "user: m1", "assistant: echo: m1", "user: mine", "assistant: echo: mine"], seen);
    }

    [Fact]
    public async Task Fork_WithTheSameKeyOrId_IsMadeOnce()
    {
        var caller = cluster.Caller();
        await caller.SayAsync(_parent, "one");
        var key = ("Idempotency-Key", _parent);
        var first = (await caller.PostAsync($"conversations/{_parent}/fork", null, key)).Ok();
        await caller.SayAsync(_parent, "two");
        var again = (await cluster.Caller(1).PostAsync($"conversations/{_parent}/fork", null, key)).Ok();
        var taken = await caller.PostAsync($"conversations/{_parent}/fork", new JsonObject { ["id"] = first.Id, ["at_item"] = await ItemAsync(3) });

        Assert.Equal(first.Id, again.Id);
        Assert.Equal((HttpStatusCode.Conflict, "conversation_exists"), (taken.Status, taken.ErrorCode));
    }

    [Fact]
    public async Task Parent_Deleted_IsGoneAndItsForkGoesOn()
    {
        var caller = cluster.Caller();
        await caller.SayAsync(_parent, "one");
        var fork = (await caller.PostAsync($"conversations/{_parent}/fork", null)).Ok();
        (await caller.DeleteAsync($"conversations/{_parent}")).Ok();
        (await caller.SayAsync(fork.Id, "two")).Ok();

        Assert.Equal(HttpStatusCode.NotFound, (await caller.GetAsync($"conversations/{_parent}")).Status);
        Assert.Null((await caller.GetAsync($"conversations/{fork.Id}")).Ok().Body["parent"]);
        Assert.Equal(["user: one", "assistant: echo: one", "user: two", "assistant: echo: two"], await caller.TranscriptAsync(fork.Id));
    }

    [Fact]
    public async Task Fork_OfAParentsEarlierLife_IsNotOneOfTheNewOne()
    {
        var caller = cluster.Caller();
        var wish = new JsonObject { ["id"] = $"{_parent}-fork" };
        await caller.SayAsync(_parent, "secret");
        (await caller.PostAsync($"conversations/{_parent}/fork", wish.DeepClone().AsObject())).Ok();
        (await caller.DeleteAsync($"conversations/{_parent}")).Ok();
        await caller.SayAsync(_parent, "public");

        Assert.Equal("conversation_exists", (await caller.PostAsync($"conversations/{_parent}/fork", wish)).ErrorCode);
    }

    [Fact]
    public async Task Key_OfAFork_LeadsNoOtherRequestIntoIt()
    {
        var caller = cluster.Caller();
        var key = ("Idempotency-Key", _parent);
        await caller.SayAsync(_parent, "one");
        await caller.SayAsync(_parent, "two");
        var fork = (await caller.PostAsync($"conversations/{_parent}/fork", new JsonObject { ["at_item"] = await ItemAsync(1) }, key)).Ok();
        (await caller.PostAsync("responses", new JsonObject { ["input"] = $"who? {_parent}" }, key)).Ok();
        var made = (await caller.PostAsync("conversations", null, key)).Ok();
        var other = await caller.PostAsync($"conversations/{_parent}/fork", new JsonObject { ["at_item"] = await ItemAsync(3) }, key);

        Assert.Single(Assert.Single(cluster.AskedAbout($"who? {_parent}")).Messages);
        Assert.NotEqual(fork.Id, made.Id);
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "idempotency_key_reused"), (other.Status, other.ErrorCode));
    }

    [Theory]
    [InlineData("nowhere", """{}""", 404, "conversation_not_found")]
    [InlineData(null, """{"at_item": "msg_x"}""", 404, "item_not_found")]
    [InlineData(null, """{"at_item": "msg_AQARIjNEVWZ3iJmqu8zd7v8AAAAAAAAA"}""", 404, "item_not_found")]
    [InlineData(null, """{"at_item": "msg_x", "before_item": "msg_x"}""", 404, "item_not_found")]
    [InlineData(null, """{"at_item": 5}""", 400, "invalid_type")]
    [InlineData(null, """{"id": "a/b"}""", 400, "invalid_value")]
    [InlineData(null, """{"id": "conv_mine"}""", 400, "invalid_value")]
    [InlineData(null, """{"metadata": {"overlap_policy": "sometimes"}}""", 400, "invalid_value")]
    public async Task Fork_ThatCannotBe_IsRefusedAndMakesNothing(string? parent, string body, int status, string code)
    {
        await cluster.Caller().SayAsync(_parent, "one");
        var answer = await cluster.Caller().PostAsync($"conversations/{(parent is null ? _parent : $"{parent}-{_parent}")}/fork", JsonNode.Parse(body)!.AsObject());

        Assert.Equal((status, code), ((int)answer.Status, answer.ErrorCode));
    }

    [Fact]
    public async Task Fork_OfAnotherTenantsConversation_IsNotFound()
    {
        await cluster.Caller().SayAsync(_parent, "mine");
        var item = await ItemAsync(0);
        var answer = await cluster.CallerOf("other").PostAsync($"conversations/{_parent}/fork", new JsonObject { ["at_item"] = item });

        Assert.Equal(HttpStatusCode.NotFound, answer.Status);
    }

    private async Task<string> ItemAsync(int index) =>
        (string)(await cluster.Caller().GetAsync($"conversations/{_parent}/items?order=asc")).Ok().Body["data"]![index]!["id"]!;
}
