using Conversations.History;
using Conversations.Journal.Replay;
using Conversations.Testing;
using Conversations.Turns;
using static Conversations.Cluster.Tests.SessionCluster;

namespace Conversations.Cluster.Tests.Agents;

/// <summary>What becomes of a turn when its model fails, over the real wire.</summary>
[Collection("cluster")]
public sealed class ModelFailureTests(SessionCluster cluster) : IDisposable
{
    // What a model does at one call: the words before it fails, and how.
    private static readonly Dictionary<string, (string? Words, Func<ModelFault>? Fault)> Ways = new()
    {
        ["500"] = (null, () => new ModelFault(500)),
        ["503"] = (null, () => new ModelFault(503)),
        ["401"] = (null, () => new ModelFault(401)),
        ["400"] = (null, () => new ModelFault(400)),
        ["429"] = (null, () => new ModelFault(429)),
        ["429 at once"] = (null, () => new ModelFault(429, ("retry-after-ms", "1"))),
        ["429 much later"] = (null, () => new ModelFault(429, ("retry-after", "3600"))),
        ["refused"] = (null, ModelFault.Refused),
        ["cut"] = (null, ModelFault.Cut),
        ["truncated"] = (null, ModelFault.Truncated),
        ["malformed"] = (null, ModelFault.Malformed),
        ["hang"] = (null, null),
        ["word, cut"] = ("Once upon", ModelFault.Cut),
        ["word, truncated"] = ("Once upon", ModelFault.Truncated),
        ["word, malformed"] = ("Once upon", ModelFault.Malformed),
        ["word, hang"] = ("Once upon", null),
    };

    public void Dispose() => cluster.Model.Reply(r => $"echo: {r.LastUser}");

    [Theory]
    [InlineData("500")]
    [InlineData("503")]
    [InlineData("429")]
    [InlineData("429 at once")]
    [InlineData("refused")]
    [InlineData("cut")]
    [InlineData("truncated")]
    [InlineData("malformed")]
    [InlineData("hang")]
    public async Task Model_FailsOnceBeforeItsFirstWord_IsCalledAgainAndNobodyNotices(string way)
    {
        var (end, events, calls) = await TurnAsync(way, "");

        Assert.Equal(2, calls);
        Assert.Equal(TurnStatus.Completed, end.Turn.Status);
        Assert.Equal("Once upon a time", TextOf(end));
        Assert.Equal("Once upon a time", string.Concat(events.OfType<Delta>().Select(d => d.Text)));
        Assert.Single(end.Turn.Attempts);
    }

    [Theory]
    [InlineData("500", "model_unavailable")]
    [InlineData("429 at once", "rate_limit_exceeded")]
    [InlineData("cut", "model_unavailable")]
    [InlineData("truncated", "model_unavailable")]
    [InlineData("malformed", "model_malformed")]
    [InlineData("hang", "model_timeout")]
    public async Task Model_FailsAtEveryTry_FailsTheTurnAfterTheLast(string way, string code)
    {
        var (end, _, calls) = await TurnAsync(way, way);

        Assert.Equal(2, calls);
        Assert.Equal((TurnStatus.Failed, code), (end.Turn.Status, end.Turn.Error?.Code));
        Assert.Empty(end.Output);
        Assert.DoesNotContain("sk-123", end.Turn.Error!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("401", "model_unauthorized")]
    [InlineData("400", "model_refused")]
    // It asks for more time than the turn has.
    [InlineData("429 much later", "rate_limit_exceeded")]
    public async Task Model_FailsForGood_IsNotCalledAgain(string way, string code)
    {
        var (end, _, calls) = await TurnAsync(way, "");

        Assert.Equal(1, calls);
        Assert.Equal((TurnStatus.Failed, code), (end.Turn.Status, end.Turn.Error?.Code));
    }

    [Theory]
    [InlineData("word, cut", "model_unavailable")]
    [InlineData("word, truncated", "model_unavailable")]
    [InlineData("word, malformed", "model_malformed")]
    [InlineData("word, hang", "model_timeout")]
    public async Task Model_FailsAfterAWord_IsNeverCalledAgainAndTheWordIsKept(string way, string code)
    {
        var (end, events, calls) = await TurnAsync(way, "");

        Assert.Equal(1, calls);
        Assert.Equal((TurnStatus.Failed, code), (end.Turn.Status, end.Turn.Error?.Code));
        Assert.Equal(ItemStatus.Incomplete, Assert.Single(end.Output).Status);
        Assert.Equal("Once upon", TextOf(end));
        Assert.Equal("Once upon", string.Concat(events.OfType<Delta>().Select(d => d.Text)));
    }

    // The turn itself, all its events, and how often the model was called for it; then the session must still work.
    private async Task<(TurnEnded End, IReadOnlyList<TurnEvent> Events, int Calls)> TurnAsync(string first, string second)
    {
        var key = cluster.NewKey();
        var calls = 0;
        var shown = new TaskCompletionSource();
        cluster.Model.Reply((_, stop) => Answer(Interlocked.Increment(ref calls) == 1 ? first : second, shown.Task, stop));
        var request = Say("Tell me") with { Options = new TurnOptions { Agent = "hasty" } };
        await cluster.Session(key).SubmitAsync(request);
        if (Ways.GetValueOrDefault(first).Words is not null)
        {
            while ((await cluster.Session(key).WatchAsync(request.Id, -1)).Events.OfType<Delta>().Count() < 2)
            {
            }
        }

        shown.SetResult();
        var events = await cluster.EventsAsync(key, request.Id);
        var made = calls;
        cluster.Model.Reply(r => $"echo: {r.LastUser}");

        Assert.Equal("echo: next", TextOf(await cluster.TurnAsync(key, "next", "hasty")));
        var journaled = await cluster.Journal.FindTurnAsync(key, request.Id, default);
        Assert.Equal(events.Select(AsText), TurnReplay.Events(journaled!.Turn, journaled.Output, -1).Select(AsText));
        return ((TurnEnded)events[^1], events, made);
    }

    private static string AsText(TurnEvent e) => System.Text.Json.JsonSerializer.Serialize<object>(e);

    private static async IAsyncEnumerable<string> Answer(
        string way, Task shown, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken stop)
    {
        var (words, fault) = Ways.GetValueOrDefault(way, ("Once upon a time", null));
        await foreach (var word in ScriptedModel.Words(words ?? "")) if (word.Length > 0) yield return word;
        // A connection that breaks takes along what was not read yet.
        if (words is not null) await shown.WaitAsync(stop);
        if (fault is not null) throw fault();
        if (Ways.ContainsKey(way)) await Task.Delay(Timeout.Infinite, stop);
    }
}
