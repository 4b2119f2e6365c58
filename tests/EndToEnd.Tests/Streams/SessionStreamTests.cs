using System.Net;
using System.Text.Json.Nodes;
using Conversations.EndToEnd.Tests.Callers;

namespace Conversations.EndToEnd.Tests.Streams;

/// <summary>A session's own stream: every caller's turns, with places to go on after.</summary>
[Collection(RunningClusterGroup.Name)]
public sealed class SessionStreamTests(RunningCluster cluster)
{
    private readonly string _session = RunningCluster.NewSession();

    [Fact]
    public async Task Stream_OfSeveralCallers_ShowsAllTurnsInOrderAndIsReplayedTheSame()
    {
        await cluster.Caller(0).PostAsync($"conversations/{_session}/items", Appended("before"));
        var held = cluster.Script.Hold($"one {_session}");
        using var live = await OpenAsync(1);
        var asking = cluster.Caller(0).SayAsync(_session, $"one {_session}");
        // A turn that is over before the watcher has heard of it is shown as it was journaled.
        await live.DeltasAsync(held.PiecesBefore);
        held.GoOn();
        (await asking).Ok();
        await cluster.Caller(1).SayAsync(_session, "two");
        var seen = await UntilEndsAsync(live, 2);

        Assert.Equal(
            [
                "conversations:item.added",
                "response.created", "response.in_progress", "conversations:item.added",
                "response.output_item.added", "response.content_part.added", .. Enumerable.Repeat("response.output_text.delta", 9),
                "response.output_text.done", "response.content_part.done", "response.output_item.done", "response.completed",
            ],
            seen.Take(seen.ToList().FindIndex(IsEnd) + 1).Select(e => e.Type));
        Assert.Equal(
            ["response.created", "response.in_progress", "conversations:item.added", "response.output_item.done", "response.completed"],
            seen.Skip(seen.ToList().FindIndex(IsEnd) + 1).Where(IsJournaled).Select(e => e.Type));
        Assert.All(seen, e => Assert.Equal(IsJournaled(e), e.Id is not null));
        var places = seen.Where(e => e.Id is not null).Select(e => Place(e.Id!)).ToList();
        Assert.Equal(places.Order(), places);
        Assert.Equal(places.Distinct(), places);

        using var again = await OpenAsync(0);
        var replayed = await UntilEndsAsync(again, 2);
        Assert.Equal(seen.Where(IsJournaled).Select(e => e.Frame), replayed.Select(e => e.Frame));
    }

    [Fact]
    public async Task Stream_AfterEachPlace_HasExactlyTheRest()
    {
        for (var i = 0; i < 3; i++) await cluster.Caller().SayAsync(_session, $"m{i}");
        using var whole = await OpenAsync(0);
        var all = await UntilEndsAsync(whole, 3);
        for (var i = 0; i < all.Count - 1; i++)
        {
            using var rest = await OpenAsync(i % 2, all[i].Id);
            var ends = all.Skip(i + 1).Count(e => e.Type == "response.completed");
            Assert.Equal(all.Skip(i + 1).Select(e => e.Frame), (await UntilEndsAsync(rest, ends)).Select(e => e.Frame));
        }
    }

    [Fact]
    public async Task Stream_HostingSiloKilledMidTurn_GoesOnWithTheNextAttempt()
    {
        var held = cluster.Script.Hold(_session);
        (await cluster.Caller().SayAsync(_session, "before")).Ok();
        using var live = await OpenAsync(0, "latest");
        using var caller = await cluster.Caller(1).StreamAsync(_session, $"Tell {_session}");
        await live.DeltasAsync(held.PiecesBefore);
        var host = cluster.Silo(caller.Silo!);
        await host.KillAsync();
        held.GoOn();
        try
        {
            var seen = await UntilEndsAsync(live, 1);
            await caller.ToEndAsync();

            Assert.Equal("response.created", seen[0].Type);
            Assert.Contains(seen, e => e.Type == "conversations:attempt");
            var done = seen.Where(e => e.Type == "response.output_item.done").ToList();
            Assert.Equal([false, true], done.Select(e => e.Id is not null));
            Assert.Equal(held.Text, (string)done[^1].Data!["item"]!["content"]![0]!["text"]!);
            Assert.Equal(seen.Select(e => (string)e.Data!["response_id"]!).Distinct(), [caller.Id]);
        }
        finally
        {
            await RunningCluster.ReviveAsync(host);
        }
    }

    [Fact]
    public async Task Stream_OfAQueuedTurnThatIsCancelled_ShowsItsEnd()
    {
        var held = cluster.Script.Hold(_session);
        using var first = await cluster.Caller().StreamAsync(_session, $"Tell {_session}");
        await first.DeltasAsync(held.PiecesBefore);
        var queued = (await cluster.Caller().PostAsync(
            "responses", new JsonObject { ["conversation"] = _session, ["input"] = "later", ["background"] = true })).Ok();
        Assert.Equal("1", queued.Position);
        Assert.Equal("1", (await cluster.Caller(1).GetAsync($"responses/{queued.Id}")).Ok().Position);
        using var live = await OpenAsync(0, "latest");
        (await cluster.Caller(1).PostAsync($"responses/{queued.Id}/cancel", null)).Ok();
        held.GoOn();
        var seen = await UntilEndsAsync(live, 2);

        Assert.Single(seen, e => e.Type == "response.incomplete" && (string)e.Data!["response_id"]! == queued.Id);
        using var again = await OpenAsync(1);
        Assert.Single(await UntilEndsAsync(again, 2), e => e.Type == "response.queued" && (string)e.Data!["response_id"]! == queued.Id);
    }

    [Fact]
    public async Task Stream_OfADeletedConversation_Ends()
    {
        (await cluster.Caller().SayAsync(_session, "one")).Ok();
        using var live = await OpenAsync(0, "latest");
        (await cluster.Caller(1).DeleteAsync($"conversations/{_session}")).Ok();
        var seen = await live.ToEndAsync();

        Assert.Equal("conversation_not_found", (string)Assert.Single(seen, e => e.Type == "error").Data!["code"]!);
    }

    [Theory]
    [InlineData("x", 400)]
    [InlineData("1", 400)]
    [InlineData("-1.0", 400)]
    [InlineData("99999999999.0", 400)]
    [InlineData("1000.0", 400)]
    public async Task Stream_AfterNoPlace_IsRefused(string place, int status)
    {
        (await cluster.Caller().SayAsync(_session, "one")).Ok();
        Assert.Equal(status, (int)(await cluster.Caller().GetAsync($"conversations/{_session}/events?after={place}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await cluster.Caller().GetAsync($"conversations/{_session}-not/events?after=0.0")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await cluster.CallerOf("other").GetAsync($"conversations/{_session}/events")).Status);
    }

    private Task<LiveStream> OpenAsync(int gateway, string? after = null) =>
        cluster.Caller(gateway).WatchAsync(_session, after);

    private static async Task<IReadOnlyList<StreamEvent>> UntilEndsAsync(LiveStream stream, int ends)
    {
        while (stream.Seen.Count(IsEnd) < ends) Assert.NotNull(await stream.NextAsync());
        return stream.Seen;
    }

    private static bool IsEnd(StreamEvent e) => e.Type is "response.completed" or "response.incomplete" or "response.failed";

    private static bool IsJournaled(StreamEvent e) =>
        IsEnd(e) || e.Type is "conversations:item.added" or "response.created" or "response.queued" or "response.in_progress" or "response.output_item.done";

    private static (int Version, int Index) Place(string id) => (int.Parse(id.Split('.')[0]), int.Parse(id.Split('.')[1]));

    private static JsonObject Appended(string text) => new() { ["items"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = text }) };
}
