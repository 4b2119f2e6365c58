using System.Net;
using System.Text.Json.Nodes;

namespace Conversations.EndToEnd.Tests.Lists;

/// <summary><c>GET /conversations</c>.</summary>
[Collection(RunningClusterGroup.Name)]
public sealed class ConversationListTests(RunningCluster cluster)
{
    [Fact]
    public async Task Conversations_OfATenant_AreListedByAgeInPages()
    {
        var mark = RunningCluster.NewSession();
        var made = new List<string>();
        for (var i = 0; i < 5; i++) made.Add(await MakeAsync($"{mark}-{i}", mark));
        await MakeAsync($"{mark}-other", "another");
        (await cluster.Caller().DeleteAsync($"conversations/{mark}-2")).Ok();
        made.RemoveAt(2);

        Assert.Equal(made, await AllAsync("asc", mark));
        Assert.Equal(Enumerable.Reverse(made), await AllAsync("desc", mark));
        Assert.Empty((await cluster.CallerOf("other").GetAsync($"conversations?metadata[mark]={mark}")).Ok().Body["data"]!.AsArray());
    }

    [Theory]
    [InlineData("after=nowhere", "invalid_value", "after")]
    [InlineData("after=a/b", "invalid_value", "after")]
    [InlineData("limit=101", "integer_above_max_value", "limit")]
    [InlineData("metadata[a]=%00", "invalid_value", "metadata")]
    [InlineData("metadata[%00]=1", "invalid_value", "metadata")]
    [InlineData("metadata=x", "invalid_value", "metadata")]
    [InlineData("metadata[a]b=1", "invalid_value", "metadata")]
    [InlineData("order=up", "invalid_value", "order")]
    [InlineData("metadata[a]=1&metadata[a]=2", "invalid_value", "metadata[a]")]
    public async Task Query_ThatBreaksARule_IsRefusedByName(string query, string code, string parameter)
    {
        var answer = await cluster.Caller().GetAsync($"conversations?{query}");

        Assert.Equal((HttpStatusCode.BadRequest, code, parameter), (answer.Status, answer.ErrorCode, (string?)answer.Body["error"]!["param"]));
    }

    private async Task<string> MakeAsync(string id, string mark) =>
        (await cluster.Caller().PostAsync("conversations", new JsonObject { ["id"] = id, ["metadata"] = new JsonObject { ["mark"] = mark } })).Ok().Id;

    private async Task<IReadOnlyList<string>> AllAsync(string order, string mark)
    {
        var all = new List<string>();
        for (var after = ""; ;)
        {
            var page = (await cluster.Caller(1).GetAsync($"conversations?order={order}&limit=2&metadata[mark]={mark}{after}")).Ok().Body;
            all.AddRange(page["data"]!.AsArray().Select(c => (string)c!["id"]!));
            if (!(bool)page["has_more"]!) return all;
            after = $"&after={(string)page["last_id"]!}";
        }
    }
}
