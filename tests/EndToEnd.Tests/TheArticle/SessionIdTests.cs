using System.Buffers.Text;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Conversations.EndToEnd.Tests.Callers;

namespace Conversations.EndToEnd.Tests.TheArticle;

/// <summary>"Unstable or missing session id."</summary>
[Collection(RunningClusterGroup.Name)]
public sealed class SessionIdTests(RunningCluster cluster)
{
    private const string Guid = "0f8fad5b-d9cb-469f-a165-70867728950e";

    [Fact]
    public async Task Session_SameIdFromTwoCallers_IsOneConversation()
    {
        var session = RunningCluster.NewSession();
        await cluster.Caller(0).SayAsync(session, "from one caller");
        await cluster.Caller(1).SayAsync(session, "from another");

        Assert.Equal(
            ["user: from one caller", "assistant: echo: from one caller", "user: from another", "assistant: echo: from another"],
            await cluster.Caller(0).TranscriptAsync(session));
    }

    [Fact]
    public async Task Request_WithoutAnId_GetsAConversationThatThePreviousResponseContinues()
    {
        var said = RunningCluster.NewSession();
        var first = (await cluster.Caller(0).PostAsync("responses", new JsonObject { ["input"] = $"first {said}" })).Ok();
        var second = (await cluster.Caller(1).PostAsync(
            "responses", new JsonObject { ["input"] = $"second {said}", ["previous_response_id"] = first.Id })).Ok();

        Assert.NotEqual(first.Id, second.Id);
        Assert.Equal(first.Id, (string?)second.Body["previous_response_id"]);
        Assert.Equal(
            [$"user: first {said}", $"assistant: echo: first {said}", $"user: second {said}"],
            Assert.Single(cluster.AskedAbout($"second {said}")).Messages);
    }

    [Fact]
    public async Task Requests_WithoutAnId_AreConversationsOfTheirOwn()
    {
        var said = RunningCluster.NewSession();
        for (var i = 0; i < 2; i++) (await cluster.Caller().PostAsync("responses", new JsonObject { ["input"] = said })).Ok();

        Assert.Equal(2, cluster.AskedAbout(said).Count);
        Assert.All(cluster.AskedAbout(said), request => Assert.Equal([$"user: {said}"], request.Messages));
    }

    [Fact]
    public async Task Ids_ThatLookAlike_NeverShareARow()
    {
        string[] ids =
        [
            "abc123", "ABC123", "1", "01", "0x1", "1+a", Guid, Guid.Replace("-", "", StringComparison.Ordinal), Guid.ToUpperInvariant(),
            "a+b", "a", "(x)", "a:b", "a&b=c", "~!@$^*_-;',<>|`\"", new string('x', 256), new string('x', 255), "a.b", "..."
        ];
        foreach (var id in ids) (await cluster.CallerOf("alike").SayAsync(id, $"I am {id}")).Ok();

        foreach (var id in ids) Assert.Equal([$"user: I am {id}", $"assistant: echo: I am {id}"], await cluster.CallerOf("alike").TranscriptAsync(id));
        Assert.Equal(ids.Order(StringComparer.Ordinal), (await RowsAsync("alike")).Order(StringComparer.Ordinal));
    }

    // The storage provider uses a key as a format string when it describes it.
    [Theory]
    [InlineData("{")]
    [InlineData("{0}")]
    [InlineData("{0f8fad5b-d9cb-469f-a165-70867728950e}")]
    public async Task Id_WithBraces_IsAnIdLikeAnyOtherOrRefused(string id)
    {
        var answer = await cluster.CallerOf("abc").SayAsync(id, "hi");
        if (answer.Status == HttpStatusCode.BadRequest) return;
        (await cluster.CallerOf("abc").SayAsync(id, "still there?")).Ok();

        Assert.Equal(
            ["user: hi", "assistant: echo: hi", "user: still there?", "assistant: echo: still there?"],
            await cluster.CallerOf("abc").TranscriptAsync(id));
    }

    [Fact]
    public async Task Tenants_WhoseNamesAndSessionsJoinAlike_NeverShareARow()
    {
        (string Tenant, string Session)[] keys = [("ab", "c+1"), ("abc", "+1"), ("ab-c", "1"), ("ab", "c"), ("ab", "1"), ("abc", "1")];
        foreach (var (tenant, session) in keys) (await cluster.CallerOf(tenant).SayAsync(session, $"I am {tenant}, {session}")).Ok();

        foreach (var (tenant, session) in keys)
        {
            Assert.Equal($"user: I am {tenant}, {session}", (await cluster.CallerOf(tenant).TranscriptAsync(session))[0]);
            Assert.Equal(2, (await cluster.CallerOf(tenant).TranscriptAsync(session)).Count);
        }

        Assert.Equal(["1", "c", "c+1"], (await RowsAsync("ab")).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("../x")]
    [InlineData("a/b")]
    [InlineData("a b")]
    [InlineData("a?b")]
    [InlineData("a#b")]
    [InlineData("a%2Fb")]
    [InlineData("a\\b")]
    [InlineData("Zoë")]
    [InlineData("会話")]
    [InlineData("a\u0000b")]
    public async Task Id_ThatBreaksTheRule_IsRefusedEverywhere(string id)
    {
        var before = await RowsAsync("dev");
        var caller = cluster.Caller();

        AssertRefused(await caller.SayAsync(id, "hi"), "conversation");
        AssertRefused(await caller.PostAsync("conversations", new JsonObject { ["id"] = id }), "id");
        if (id.Length > 0) Assert.InRange((int)(await caller.PutAsync($"conversations/{Uri.EscapeDataString(id)}")).Status, 400, 499);
        Assert.Equal(before, await RowsAsync("dev"));
    }

    [Fact]
    public async Task Id_Of257Characters_IsRefused() =>
        AssertRefused(await cluster.Caller().SayAsync(new string('y', 257), "hi"), "conversation");

    [Theory]
    [InlineData("conversations/.")]
    [InlineData("conversations/..")]
    [InlineData("conversations/../x")]
    [InlineData("conversations/%2e%2e")]
    public async Task Path_ThatClimbs_MakesNothing(string path)
    {
        var before = await RowsAsync("dev");

        Assert.InRange((int)(await cluster.Caller().PutAsync(path)).Status, 400, 499);
        Assert.Equal(before, await RowsAsync("dev"));
    }

    [Fact]
    public async Task MintedId_ThatDoesNotExist_IsNotMade()
    {
        var answer = await cluster.Caller().SayAsync("conv_0123456789abcdef0123456789abcdef", "hi");

        Assert.Equal(HttpStatusCode.NotFound, answer.Status);
    }

    [Fact]
    public async Task Everything_OfAnotherTenant_IsAnsweredLikeWhatNobodyHas()
    {
        var session = RunningCluster.NewSession();
        var response = (await cluster.Caller().SayAsync(session, "mine")).Ok();
        var item = (string)(await cluster.Caller().GetAsync($"conversations/{session}/items")).Ok().Body["data"]![0]!["id"]!;
        var nobodys = RunningCluster.NewSession();
        var answers = await AskAsync(cluster.CallerOf("other"), session, response.Id, item);
        var expected = await AskAsync(cluster.CallerOf("other"), nobodys, InSession(response.Id, nobodys), item);

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.NotFound, answer.Status));
        Assert.Equal(
            expected.Select(answer => answer.ToString().Replace(nobodys, session, StringComparison.Ordinal).Replace(InSession(response.Id, nobodys), response.Id, StringComparison.Ordinal)),
            answers.Select(answer => answer.ToString()));
        Assert.Equal(["user: mine", "assistant: echo: mine"], await cluster.Caller().TranscriptAsync(session));
        Assert.DoesNotContain(session, await RowsAsync("other"));
    }

    private static async Task<IReadOnlyList<Answer>> AskAsync(Caller stranger, string session, string response, string item) =>
    [
        await stranger.GetAsync($"responses/{response}"),
        await stranger.GetAsync($"responses/{response}?stream=true"),
        await stranger.GetAsync($"responses/{response}/input_items"),
        await stranger.PostAsync($"responses/{response}/cancel", null),
        await stranger.PostAsync("responses", new JsonObject { ["input"] = "hi", ["previous_response_id"] = response }),
        await stranger.GetAsync($"conversations/{session}"),
        await stranger.DeleteAsync($"conversations/{session}"),
        await stranger.GetAsync($"conversations/{session}/items"),
        await stranger.GetAsync($"conversations/{session}/items/{item}"),
        await stranger.DeleteAsync($"conversations/{session}/items/{item}"),
    ];

    // An id ends with its session.
    private static string InSession(string response, string session)
    {
        var bytes = Base64Url.DecodeFromChars(response.AsSpan("resp_".Length));
        Encoding.ASCII.GetBytes(session, bytes.AsSpan(bytes.Length - session.Length));
        return $"resp_{Base64Url.EncodeToString(bytes)}";
    }

    private static void AssertRefused(Answer answer, string param)
    {
        Assert.True(answer.Status == HttpStatusCode.BadRequest, $"{(int)answer.Status}: {answer.Text}");
        Assert.Equal("invalid_request_error", (string?)answer.Body["error"]!["type"]);
        Assert.Equal(param, (string?)answer.Body["error"]!["param"]);
    }

    private async Task<IReadOnlyList<string>> RowsAsync(string tenant)
    {
        await using var command = cluster.Database.CreateCommand("select session from conversations.session where tenant = $1 order by 1");
        command.Parameters.AddWithValue(tenant);
        await using var row = await command.ExecuteReaderAsync();
        var sessions = new List<string>();
        while (await row.ReadAsync()) sessions.Add(row.GetString(0));
        return sessions;
    }
}
