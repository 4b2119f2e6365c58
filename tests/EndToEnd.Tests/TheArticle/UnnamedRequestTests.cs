using System.Text.Json.Nodes;
using Conversations.EndToEnd.Tests.Callers;
using Conversations.EndToEnd.Tests.Logs;

namespace Conversations.EndToEnd.Tests.TheArticle;

/// <summary>"Nobody logged which session, user, tenant and request it was."</summary>
[Collection(RunningClusterGroup.Name)]
public sealed class UnnamedRequestTests(RunningCluster cluster)
{
    [Fact]
    public async Task Request_WithAnId_IsFoundInGatewayAndSiloWithEverythingThatNamesIt()
    {
        var session = RunningCluster.NewSession();
        var request = $"req-{session}";
        var body = Caller.Turn(session, "hello there");
        body["safety_identifier"] = "user-7";
        var answer = (await cluster.CallerOf("other").PostAsync("responses", body, ("X-Request-Id", request))).Ok();

        var gateway = cluster.Processes.Gateways[0].LogFile;
        var silo = cluster.Silo(answer.Silo!).LogFile;
        await Deadline.UntilAsync(() => LogLine.FindAsync(gateway, request), lines => lines.Any(l => l["gateway"] == "gateway-1"));
        await Deadline.UntilAsync(() => LogLine.FindAsync(silo, request), lines => lines.Any(l => l["silo"] == answer.Silo));

        Assert.Equal(request, answer.RequestId);
        foreach (var line in (await LogLine.FindAsync(gateway, request)).Concat(await LogLine.FindAsync(silo, request)))
        {
            Assert.Equal("other", line["tenant"]);
            Assert.Equal(session, line["session"]);
            Assert.Equal("user-7", line["user"]);
            Assert.Equal(request, line["request_id"]);
            Assert.Equal(answer.Silo, line["silo"]);
            Assert.Matches("^[0-9a-f]{32}$", line["turn"]);
        }
    }

    [Fact]
    public async Task Logs_OfEveryProcess_NeverHoldWhatWasSaid()
    {
        var session = RunningCluster.NewSession();
        var secret = $"nightingale{Guid.NewGuid():N}";
        cluster.Script.When(secret, (_, stop) => FailAsync(secret, stop));
        var failed = (await cluster.Caller().SayAsync(session, $"please fail, {secret}")).Ok();
        (await cluster.Caller().PostAsync($"conversations/{session}/items", new JsonObject
        {
            ["items"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = secret }),
        })).Ok();
        var request = $"req-{session}";
        var wrong = await cluster.Caller().PostAsync("responses", new JsonObject { ["input"] = 7, ["instructions"] = secret }, ("X-Request-Id", request));
        await Deadline.UntilAsync(() => LogLine.FindAsync(cluster.Processes.Gateways[0].LogFile, request), lines => lines.Count > 0);

        Assert.Equal("failed", (string?)failed.Body["status"]);
        Assert.Equal(400, (int)wrong.Status);
        Assert.Contains(secret, string.Concat(await cluster.Caller().TranscriptAsync(session)), StringComparison.Ordinal);
        // Not only here: whatever other tests have said so far, through crashes and faults.
        var said = cluster.Model.Requests.Select(r => r.LastUser).Where(text => text.Length >= 12).Append(secret).ToList();
        foreach (var log in Directory.EnumerateFiles(cluster.Processes.LogDirectory))
        {
            var text = await LogLine.ReadAsync(log);
            Assert.All(said, words => Assert.False(text.Contains(words, StringComparison.Ordinal), $"{log} holds what was said: {words}"));
        }
    }

    // A model that breaks off in mid-sentence: where logs are richest.
    private static async IAsyncEnumerable<string> FailAsync(
        string secret, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken stop)
    {
        yield return $"I say {secret}";
        await Task.Yield();
        stop.ThrowIfCancellationRequested();
        throw new IOException("The model's process died.");
    }
}
