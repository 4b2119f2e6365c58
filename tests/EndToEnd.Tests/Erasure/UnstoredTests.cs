using System.Text.Json.Nodes;
using Conversations.EndToEnd.Tests.Callers;
using Npgsql;

namespace Conversations.EndToEnd.Tests.Erasure;

/// <summary>What was sent with <c>store: false</c>.</summary>
[Collection(SmallClusterGroup.Name)]
public sealed class UnstoredTests(SmallCluster cluster) : IDisposable
{
    private readonly string _secret = $"nightingale{Guid.NewGuid():N}";

    public void Dispose() => cluster.Model.Reply(r => $"echo: {r.LastUser}");

    [Fact]
    public async Task Response_OfNoConversation_IsErasedWithItsRequest()
    {
        var answer = (await cluster.Caller().PostAsync("responses", Unstored())).Ok();

        Assert.Equal($"echo: {_secret}", answer.OutputText);
        Assert.False((bool)answer.Body["store"]!);
        Assert.Equal(404, (int)(await cluster.Caller().GetAsync($"responses/{answer.Id}")).Status);
        Assert.Equal("previous_response_not_found", (await cluster.Caller().PostAsync("responses", Unstored(answer.Id))).ErrorCode);
        await Deadline.UntilAsync(RowsAsync, rows => rows == 0);
    }

    [Fact]
    public async Task Response_WhileItIsMade_IsFoundByNobodyAndErasedWhenItEndsWithoutItsCaller()
    {
        var (begun, goesOn) = (new TaskCompletionSource(), new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        cluster.Model.Reply((_, stop) => HeldAsync(begun, goesOn.Task, stop));
        using (var leaving = new CancellationTokenSource())
        {
            using var http = new HttpClient { BaseAddress = new Uri(cluster.Processes.Gateways[0].HttpUrl, "/v1/"), DefaultRequestHeaders = { Authorization = new("Bearer", Caller.DevelopmentKey) } };
            using var body = new StringContent(Unstored().ToJsonString(), System.Text.Encoding.UTF8, "application/json");
            var asked = http.PostAsync("responses", body, leaving.Token);
            await begun.Task.WaitAsync(Deadline.Length);
            var session = await SessionAsync();
            Assert.Equal(404, (int)(await cluster.Caller().GetAsync($"conversations/{session}")).Status);
            Assert.Equal(404, (int)(await cluster.Caller().GetAsync($"conversations/{session}/items")).Status);
            Assert.Equal(404, (int)(await cluster.Caller().SayAsync(session, "hi")).Status);
            Assert.DoesNotContain(session, (await cluster.Caller().GetAsync("conversations?limit=100")).Ok().Text, StringComparison.Ordinal);
            await leaving.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
        }

        // It runs on, as turns do.
        Assert.Equal(1, await RowsAsync());
        goesOn.SetResult();
        await Deadline.UntilAsync(RowsAsync, rows => rows == 0);
    }

    [Fact]
    public async Task Response_OfAConversation_IsGoneButItsItemsStay()
    {
        var session = RunningCluster.NewSession();
        var wish = Unstored();
        wish["conversation"] = session;
        var answer = (await cluster.Caller().PostAsync("responses", wish)).Ok();

        Assert.Equal(404, (int)(await cluster.Caller().GetAsync($"responses/{answer.Id}")).Status);
        Assert.Equal([$"user: {_secret}", $"assistant: echo: {_secret}"], await cluster.Caller().TranscriptAsync(session));
    }

    [Fact]
    public async Task Response_BehindAStoredOne_LeavesThatAsItIs()
    {
        var first = (await cluster.Caller().PostAsync("responses", new JsonObject { ["input"] = "one" })).Ok();
        var aside = (await cluster.Caller().PostAsync("responses", Unstored(first.Id))).Ok();
        Assert.Equal(["user: one", "assistant: echo: one", $"user: {_secret}"], cluster.Model.Requests[^1].Messages);
        var second = (await cluster.Caller().PostAsync("responses", new JsonObject { ["input"] = "two", ["previous_response_id"] = first.Id })).Ok();

        Assert.Equal($"echo: {_secret}", aside.OutputText);
        Assert.Equal("echo: two", second.OutputText);
        Assert.Equal(["user: one", "assistant: echo: one", "user: two"], cluster.Model.Requests[^1].Messages);
    }

    [Fact]
    public async Task Background_ThatIsNotStored_IsRefused()
    {
        var wish = Unstored();
        wish["background"] = true;
        var answer = await cluster.Caller().PostAsync("responses", wish);

        Assert.Equal((400, "background"), ((int)answer.Status, (string?)answer.Body["error"]!["param"]));
    }

    private JsonObject Unstored(string? previous = null) => new() { ["input"] = _secret, ["store"] = false, ["previous_response_id"] = previous };

    private async Task<long> RowsAsync() => (long)(await ScalarAsync("select count(*) from conversations.item where body::text like $1"))!;

    private async Task<string> SessionAsync() => (string)(await ScalarAsync("select session from conversations.item where body::text like $1"))!;

    private async Task<object?> ScalarAsync(string sql)
    {
        await using var database = NpgsqlDataSource.Create(cluster.Processes.ConnectionString + ";Pooling=false");
        await using var command = database.CreateCommand(sql);
        command.Parameters.AddWithValue($"%{_secret}%");
        return await command.ExecuteScalarAsync();
    }

    private static async IAsyncEnumerable<string> HeldAsync(
        TaskCompletionSource begun, Task goesOn, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken stop)
    {
        yield return "Well,";
        begun.TrySetResult();
        await goesOn.WaitAsync(stop);
        yield return " well.";
    }
}
