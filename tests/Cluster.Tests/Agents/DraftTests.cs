using Conversations.Agents;
using Conversations.Grains.Agents;
using Conversations.History;
using Conversations.Sessions;
using Conversations.Testing;
using Conversations.Turns;
using static Conversations.Cluster.Tests.SessionCluster;

namespace Conversations.Cluster.Tests.Agents;

[Collection("cluster")]
public sealed class DraftTests : IDisposable
{
    private readonly SessionCluster _cluster;
    private readonly SessionKey _key;

    public DraftTests(SessionCluster cluster)
    {
        _cluster = cluster;
        _key = cluster.NewKey();
        cluster.Model.Reply(r => IsSummary(r) ? "They greeted." : $"echo: {r.LastUser}");
    }

    public void Dispose() => _cluster.Model.Reply(r => $"echo: {r.LastUser}");

    [Fact]
    public async Task Count_OfADraft_IsOfInstructionsToolsInputAndTheHistoryBehindIt()
    {
        const string tools = """[{"type":"function","name":"f","parameters":{"type":"object"}}]""";
        var hi = await CountAsync(Draft("hi"));
        var instructed = await CountAsync(Draft("hi") with { Options = new TurnOptions { Instructions = "Be brief." } });
        var tooled = await CountAsync(Draft("hi") with { Options = new TurnOptions { ToolsJson = tools } });
        var first = await _cluster.TurnAsync(_key, "one");
        await _cluster.TurnAsync(_key, "two");

        Assert.Equal(4 + 1, hi);
        Assert.Equal(hi + 4 + 3, instructed);
        Assert.InRange(tooled, hi + 8, hi + 20);
        Assert.Equal(hi + await CountAsync(Draft("one")) + 4 + 3 + await CountAsync(Draft("two")) + 4 + 3, await CountAsync(Draft("hi", new ForkFrom { Session = _key.Id })));
        Assert.Equal(hi + await CountAsync(Draft("one")) + 4 + 3, await CountAsync(Draft("hi", new ForkFrom { Session = _key.Id, AfterTurn = first.Turn.Id })));
        // Nothing came of it.
        Assert.Equal(4, (await _cluster.Journal.FindSessionAsync(_key, default))!.ItemCount);
    }

    [Fact]
    public async Task Count_BehindMoreThanTheWindow_IsOfWhatTheModelWouldSee()
    {
        for (var i = 0; i < 6; i++) await _cluster.TurnAsync(_key, "hi");
        var said = await CountAsync(Draft("hi"));

        // Eight items: the model would begin with somebody's words.
        Assert.Equal((4 * said) + (3 * (4 + 3)), await CountAsync(Draft("hi", new ForkFrom { Session = _key.Id })));
    }

    [Fact]
    public async Task Count_BehindAnUnknownSession_IsOfTheInputAloneOrRefused()
    {
        var draft = Draft("hi", new ForkFrom { Session = "nobody" });
        var refused = await Assert.ThrowsAsync<RefusalException>(() => CountAsync(draft));

        Assert.Equal(RefusalCode.SessionNotFound, refused.Code);
        Assert.Equal(5, await CountAsync(draft with { MakesSession = true }));
        Assert.Null(await _cluster.Journal.FindSessionAsync(_key, default));
    }

    [Fact]
    public async Task Compact_History_KeepsWhatUsersSaidAndSummarisesAll()
    {
        await _cluster.TurnAsync(_key, "one");
        var compacted = await Drafts.CompactAsync(
            Draft("two", new ForkFrom { Session = _key.Id }) with { Options = new TurnOptions { Instructions = "You keep birds." } });
        var asked = _cluster.Model.Requests[^1].Messages;

        Assert.Null(compacted.Error);
        Assert.Equal(["one", "two"], compacted.Kept.Select(m => Assert.IsType<InputText>(Assert.Single(m.Content)).Text));
        Assert.Equal(new Compaction("They greeted."), compacted.Summary);
        Assert.Equal(new Usage(asked.Count, 2), compacted.Usage);
        Assert.Contains("You keep birds.", asked[0], StringComparison.Ordinal);
        Assert.Equal(["user: one", "assistant: echo: one", "user: two"], asked.Skip(1).SkipLast(1));
        Assert.Equal(2, (await _cluster.Journal.FindSessionAsync(_key, default))!.ItemCount);
    }

    [Fact]
    public async Task Compact_WhoseModelFails_SaysSoWithoutItsWords()
    {
        _cluster.Model.Reply((_, _) => throw new ModelFault(400));
        var compacted = await Drafts.CompactAsync(Draft("hi"));

        Assert.Equal("model_refused", compacted.Error?.Code);
        Assert.DoesNotContain("secret", compacted.Error!.Message, StringComparison.Ordinal);
        Assert.Empty(compacted.Summary.Summary);
    }

    // The window has eight items.
    [Fact]
    public async Task Compaction_ThatACallerBrings_StandsForAllBeforeItInThisLifeAndTheNext()
    {
        var request = Say("one") with
        {
            Input = [new Message(Role.User, [new InputText("old")]), new Compaction("They greeted."), new Message(Role.User, [new InputText("m0")])],
        };
        await _cluster.Session(_key).SubmitAsync(request);
        await _cluster.EventsAsync(_key, request.Id);
        Assert.Equal([$"system: {ModelHistory.SummaryHeading}\n\nThey greeted.", "user: m0"], _cluster.Model.Requests[^1].Messages);

        for (var i = 1; i < 6; i++) await _cluster.TurnAsync(_key, $"m{i}");
        await _cluster.Cluster.DeactivateAsync(_cluster.Session(_key));
        await _cluster.TurnAsync(_key, "m6");

        var seen = _cluster.Model.Requests[^1].Messages;
        Assert.EndsWith("They greeted.", seen[0], StringComparison.Ordinal);
        Assert.Equal("user: m6", seen[^1]);
        Assert.DoesNotContain("user: old", seen);
        Assert.Equal(0, _cluster.Reads.Of(_key));
    }

    [Fact]
    public async Task Compaction_WithNothingBehindIt_IsHandedOverOnce()
    {
        var request = Say("one") with { Input = [new Message(Role.User, [new InputText("old")]), new Compaction("They greeted.")] };
        _cluster.Model.Reply(_ => "Go on.");
        await _cluster.Session(_key).SubmitAsync(request);
        await _cluster.EventsAsync(_key, request.Id);

        Assert.Equal([$"system: {ModelHistory.SummaryHeading}\n\nThey greeted."], _cluster.Model.Requests[^1].Messages);
    }

    private IDraftGrain Drafts => _cluster.Cluster.Client.GetGrain<IDraftGrain>(0);

    private Draft Draft(string text, ForkFrom? after = null) => new()
    {
        Tenant = _key.Tenant,
        After = after,
        Input = [new Message(Role.User, [new InputText(text)])],
        Options = new TurnOptions(),
    };

    private Task<int> CountAsync(Draft draft) => Drafts.CountAsync(draft);

    private static bool IsSummary(ModelRequest request) => request.Messages[0].StartsWith("system: You keep the memory", StringComparison.Ordinal);
}
