using System.Net;
using System.Text.Json.Nodes;
using Conversations.EndToEnd.Tests.Callers;

namespace Conversations.EndToEnd.Tests.Forks;

/// <summary><c>previous_response_id</c>: goes on from the newest response, and branches off any other.</summary>
[Collection(RunningClusterGroup.Name)]
public sealed class PreviousResponseTests(RunningCluster cluster)
{
    private readonly string _said = RunningCluster.NewSession();

    [Fact]
    public async Task Previous_NamedByThreeRequests_HasThreeBranchesThatKnowNothingOfEachOther()
    {
        var root = (await AskAsync("root", null)).Ok();
        var branches = new List<Answer>();
        for (var i = 0; i < 3; i++) branches.Add((await AskAsync($"branch {i}", root.Id)).Ok());
        for (var i = 2; i >= 0; i--) (await AskAsync($"leaf {i}", branches[i].Id)).Ok();

        for (var i = 0; i < 3; i++)
        {
            Assert.Equal([.. Said("root"), .. Said($"branch {i}"), $"user: leaf {i} {_said}"], Assert.Single(cluster.AskedAbout($"leaf {i} {_said}")).Messages);
            var found = (await cluster.Caller(1).GetAsync($"responses/{branches[i].Id}")).Ok();
            Assert.Equal(root.Id, (string?)found.Body["previous_response_id"]);
            Assert.Null(found.Body["conversation"]);
        }
    }

    [Fact]
    public async Task Previous_OfANamedConversation_LeavesThatAsItIs()
    {
        var conversation = RunningCluster.NewSession();
        var first = (await cluster.Caller().SayAsync(conversation, "first")).Ok();
        var second = (await cluster.Caller().SayAsync(conversation, "second")).Ok();
        var branch = (await AskAsync("aside", first.Id)).Ok();
        var other = (await AskAsync("aside too", second.Id)).Ok();
        (await AskAsync("further", branch.Id)).Ok();

        Assert.Equal(
            ["user: first", "assistant: echo: first", "user: second", "assistant: echo: second"], await cluster.Caller().TranscriptAsync(conversation));
        Assert.Equal(["user: first", "assistant: echo: first", .. Said("aside"), $"user: further {_said}"], Assert.Single(cluster.AskedAbout($"further {_said}")).Messages);
        Assert.NotEqual(branch.Id, other.Id);
        Assert.Equal(5, Assert.Single(cluster.AskedAbout($"aside too {_said}")).Messages.Count);
    }

    [Fact]
    public async Task Previous_ThatIsUnfinished_IsWaitedFor()
    {
        var conversation = RunningCluster.NewSession();
        var held = cluster.Script.Hold(conversation);
        using var running = await cluster.Caller().StreamAsync(conversation, $"Tell {conversation}");
        await running.DeltasAsync(held.PiecesBefore);
        var branch = AskAsync("then", running.Id);
        held.GoOn();
        await running.ToEndAsync();

        (await branch).Ok();
        Assert.Equal(
            [$"user: Tell {conversation}", $"assistant: {held.Text}", $"user: then {_said}"], Assert.Single(cluster.AskedAbout($"then {_said}")).Messages);
    }

    [Fact]
    public async Task Request_SentAgainWithItsKey_IsTheSameBranch()
    {
        var root = (await AskAsync("root", null)).Ok();
        (await AskAsync("main line", root.Id)).Ok();
        var key = ("Idempotency-Key", $"key {_said}");
        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => AskAsync("branch", root.Id, i % 2, key)));
        var other = await AskAsync("another", root.Id, 0, key);

        Assert.Single(answers.Select(a => a.Ok().Id).Distinct());
        Assert.Single(cluster.AskedAbout($"branch {_said}"));
        Assert.Equal((HttpStatusCode)422, other.Status);
    }

    [Fact]
    public async Task Previous_HostingSiloKilled_BranchesAllTheSame()
    {
        var root = (await AskAsync("root", null)).Ok();
        (await AskAsync("main line", root.Id)).Ok();
        var host = cluster.Silo(root.Silo!);
        await host.KillAsync();
        try
        {
            var branch = (await AskAsync("branch", root.Id, 1)).Ok();
            (await AskAsync("leaf", branch.Id)).Ok();
            Assert.Equal([.. Said("root"), .. Said("branch"), $"user: leaf {_said}"], Assert.Single(cluster.AskedAbout($"leaf {_said}")).Messages);
        }
        finally
        {
            await RunningCluster.ReviveAsync(host);
        }
    }

    private IEnumerable<string> Said(string text) => [$"user: {text} {_said}", $"assistant: echo: {text} {_said}"];

    private Task<Answer> AskAsync(string text, string? previous, int gateway = 0, params (string Name, string Value)[] headers)
    {
        var body = new JsonObject { ["input"] = $"{text} {_said}" };
        if (previous is not null) body["previous_response_id"] = previous;
        return cluster.Caller(gateway).PostAsync("responses", body, headers);
    }
}
