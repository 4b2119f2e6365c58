using Conversations.Grains.Agents;
using Conversations.Grains.Agents.Demo;
using Conversations.Grains.Tools;
using Conversations.Grains.Turns;
using Conversations.History;
using Conversations.Turns;
using CsCheck;
using Microsoft.SemanticKernel.ChatCompletion;

namespace Conversations.Unit.Tests.Grains.Turns;

public sealed class ContextWindowTests
{
    private static readonly TurnId Turn = new(Guid.AllBitsSet);
    private static readonly Gen<string> Histories = Gen.Char["uaacoer"].Array[0, 30].Select(c => new string(c));

    // u: somebody's words, a: an answer, c: a call, o: its output, e: erased words, r: a result that the caller brought.
    [Theory]
    [InlineData("uaua", 4, "uaua")]
    [InlineData("uaua", 9, "uaua")]
    [InlineData("uaua", 3, "--ua")]
    [InlineData("uaua", 2, "--ua")]
    [InlineData("uaucoa", 4, "--ucoa")]
    [InlineData("ucoauaua", 6, "----uaua")]
    [InlineData("uaeaua", 4, "----ua")]
    // A call and its output count together, and an output never comes first.
    [InlineData("ucoau", 4, "----u")]
    [InlineData("aucoau", 5, "-ucoau")]
    [InlineData("uccooau", 5, "------u")]
    // What the turn is about stays, whatever came of it.
    [InlineData("uacoacoa", 3, "u------a")]
    [InlineData("uacoacoa", 4, "u----coa")]
    [InlineData("uau", 1, "--u")]
    [InlineData("uaccoo", 2, "u-----")]
    // A result that the caller brought is about its call.
    [InlineData("ucra", 2, "-cr-")]
    [InlineData("ucra", 3, "-cra")]
    [InlineData("ucra", 4, "ucra")]
    [InlineData("uaaaa", 1, "u----")]
    [InlineData("aaaa", 2, "--aa")]
    public void Newest_History_IsItsEndWithWhatTheTurnIsAbout(string history, int count, string expected)
    {
        var items = Items(history, first: 100);

        Assert.Equal(expected, Show(history, items, ContextWindow.Newest(items, Size(count))));
    }

    [Fact]
    public void Newest_Tokens_AreCountedByTheTokenizer()
    {
        // Each message is its words and four tokens for the format.
        var items = Items("uauaua", first: 0);

        Assert.Equal("--uaua", Show("uauaua", items, ContextWindow.Newest(items, Size(64, tokens: 24))));
        Assert.Equal("----ua", Show("uauaua", items, ContextWindow.Newest(items, Size(64, tokens: 19))));
        Assert.Equal("----u-", Show("uauaua", items, ContextWindow.Newest(items, Size(64, tokens: 5))));
    }

    [Fact]
    public void Newest_AnyHistory_HasTheNewestInputAndIsValidAndNoLargerThanItMust() =>
        Gen.Select(Histories, Gen.Int[1, 40], Gen.Int[1, 200]).Sample((history, count, tokens) =>
        {
            var items = Items(history, first: 0);
            var size = Size(count, tokens);

            var window = ContextWindow.Newest(items, size);

            Assert.Equal(window.OrderBy(i => i.Seq), window);
            AssertValid(window);
            if (items.LastOrDefault(i => i is { IsOutput: false, Body: not null } && !IsOrphan(items, i)) is not { } newest)
            {
                Assert.Equal(0, size.FirstThatFits(window, 0));
                return;
            }

            Assert.Contains(newest, window);
            if (size.FirstThatFits(window, 0) == 0) return;
            // More than there is room for is only what the newest input needs: itself, and for a result its call.
            var needed = window.TakeWhile(i => i.Seq <= newest.Seq).ToList();
            Assert.True(needed.Count == 1 || newest.Body is FunctionCallOutput);
            Assert.True(needed.Count == window.Count || size.Without(needed).FirstThatFits([.. window.Except(needed)], 0) == 0);
        });

    [Fact]
    public void FromSeq_AnyHistory_KeepsEnoughForTheSameAgentEver() =>
        Gen.Select(Histories, Gen.Char["uaae"].Array[0, 20].Select(c => new string(c)), Gen.Int[1, 12], Gen.Int[1, 80], Gen.Bool).Sample((before, after, count, tokens, byTokens) =>
        {
            var agent = AgentOf(count, byTokens ? tokens : null);
            var all = Items(before + after, first: 0);
            var past = all.Take(before.Length).ToList();

            var from = ContextWindow.FromSeq(past, agent) ?? 0;
            var kept = all.Where(i => i.Seq >= from).ToList();

            Assert.False(ContextWindow.LacksItems([.. past.Where(i => i.Seq >= from)], from, agent));
            // A turn that brings nothing is about what was before.
            if (all.Skip(before.Length).Any(i => i is { IsOutput: false, Body: Message }))
            {
                Assert.Superset(ContextWindow.Newest(all, agent.Window).ToHashSet(), ContextWindow.Newest(kept, agent.Window).ToHashSet());
            }
        });

    [Fact]
    public void FromSeq_CallsThatTheCallerIsToMake_AreKeptWithTheirTurn()
    {
        var items = Items("uauccc", first: 0);

        Assert.Equal(3, ContextWindow.FromSeq(items, AgentOf(2)));
        Assert.Equal(5, ContextWindow.FromSeq([.. items.Select((item, i) => i < 5 ? item with { Id = new ItemId(default, 0, i) } : item)], AgentOf(1)));
    }

    [Fact]
    public void LacksItems_AgentWithALargerWindow_Does()
    {
        var all = Items("uauauauaua", first: 0);
        var kept = all.Where(i => i.Seq >= ContextWindow.FromSeq(all, AgentOf(4))).ToList();

        Assert.Equal(4, kept.Count);
        Assert.False(ContextWindow.LacksItems(kept, 6, AgentOf(4)));
        Assert.True(ContextWindow.LacksItems(kept, 6, AgentOf(5)));
        Assert.True(ContextWindow.LacksItems(kept, 6, AgentOf(64, tokens: 1_000)));
        Assert.False(ContextWindow.LacksItems(kept, 6, AgentOf(64, tokens: 10)));
        Assert.False(ContextWindow.LacksItems(kept, 0, AgentOf(64)));
    }

    [Theory]
    [InlineData("uauauauau", 9, null)]
    [InlineData("uauauauauu", 9, 7)]
    [InlineData("uauauauacou", 8, 9)]
    // Nothing of the running turn is summarised, and no call without its output.
    [InlineData("uaucococoao", 4, 1)]
    [InlineData("uacr", 4, null)]
    [InlineData("uaacr", 4, 2)]
    [InlineData("u", 4, null)]
    public void CompactThrough_PastTheThreshold_IsAllButTheNewestQuarter(string history, int after, int? through)
    {
        var items = Items(history, first: 0);
        var turn = history.LastIndexOfAny(['u', 'r']);

        Assert.Equal(through, ContextWindow.CompactThrough(items, AgentOf(64, compactAfter: after), turn));
    }

    [Fact]
    public void CompactThrough_WindowWouldLeaveSomethingOut_IsDueBeforeTheThreshold()
    {
        var items = Items("uauauau", first: 0);

        Assert.Null(ContextWindow.CompactThrough(items, AgentOf(7, compactAfter: 100), 6));
        Assert.Equal(5, ContextWindow.CompactThrough(items, AgentOf(6, compactAfter: 100), 6));
        Assert.Null(ContextWindow.CompactThrough(items, AgentOf(6), 6));
    }

    // I9: whatever was summarised, and cut, a model can be called with what there is; and nothing but the summarised is missing.
    [Fact]
    public void Newest_OfAnyCompactedHistory_IsTheSummaryAndWhatItDoesNotStandFor() =>
        Gen.Select(Histories, Histories, Histories, Gen.Int[4, 20], Gen.Int[4, 20]).Sample((first, second, third, window, after) =>
        {
            var agent = AgentOf(window, compactAfter: after);
            var items = new List<Item>();
            var through = -1L;
            foreach (var turn in new[] { first, second, third })
            {
                var begin = items.Count;
                items.AddRange(Items("u" + turn, items.Count));
                if (ContextWindow.CompactThrough(items, agent, begin) is { } next)
                {
                    Assert.InRange(next, through + 2, begin - 1);
                    through = next;
                    items.Add(ItemOf(items.Count, new Compaction($"until {through}", through), isOutput: true));
                }

                var seen = ContextWindow.Newest(items, agent.Window);
                Assert.Equal(through >= 0, seen[0].Body is Compaction);
                Assert.All(seen.Skip(through >= 0 ? 1 : 0), i => Assert.True(i.Seq > through && i.Body is not Compaction));
                if (items.Last(i => i is { IsOutput: false, Body: not null }) is { Body: Message } newest) Assert.Contains(newest, seen);
                AssertValid(seen);
                // What is loaded in the next life is all that no summary stands for.
                var from = ContextWindow.FromSeq(items, agent) ?? 0;
                Assert.Equal(through + 1, from);
                Assert.False(ContextWindow.LacksItems([.. items.Where(i => i.Seq >= from)], from, agent));
            }
        });

    private static void AssertValid(IReadOnlyList<Item> window)
    {
        var history = ModelHistory.Build(AgentOf(64), new TurnOptions(), window);
        Assert.IsNotType<FunctionCallOutput>(window.FirstOrDefault(i => i.Body is not Compaction)?.Body);
        for (var i = 0; i < history.Count; i++)
        {
            var calls = history[i].Items.OfType<Microsoft.SemanticKernel.FunctionCallContent>().Select(c => c.Id);
            var results = history.Skip(i + 1).TakeWhile(m => m.Role == AuthorRole.Tool).SelectMany(m => m.Items.OfType<Microsoft.SemanticKernel.FunctionResultContent>()).Select(r => r.CallId);
            if (history[i].Role != AuthorRole.Tool) Assert.Equal(calls, results);
        }
    }

    private static bool IsOrphan(List<Item> items, Item item) => item.Body is FunctionCallOutput output
        && !items.Take((int)item.Seq).Any(i => i.Body is FunctionCall call && call.CallId == output.CallId);

    private static ContextSize Size(int items, int? tokens = null) => ContextSize.Of(items, tokens, "o200k_base");

    private static Agent AgentOf(int window, int? tokens = null, int? compactAfter = null) => new(
        "a",
        new AgentOptions { WindowItems = window, WindowTokens = tokens, CompactAfterItems = compactAfter },
        new DemoChat(TimeSpan.Zero, TimeProvider.System),
        ToolGrant.None);

    private static string Show(string history, List<Item> items, IReadOnlyList<Item> window) =>
        string.Concat(history.Select((kind, i) => window.Contains(items[i]) ? kind : '-'));

    // A result of the server answers the oldest open call of its turn; one that a caller brings, the oldest of all.
    private static List<Item> Items(string history, long first)
    {
        var open = new List<(string Id, bool Own)>();
        return [.. history.Select((kind, i) => ItemOf(
            first + i,
            kind switch
            {
                'u' => Input(new Message(Role.User, [new InputText("hi")])),
                'a' => new Message(Role.Assistant, [new OutputText("ho")]),
                'c' => Call($"c{first + i}"),
                'e' => null,
                'r' => Input(Answer(open.FindIndex(_ => true))),
                _ => Answer(open.FindIndex(c => c.Own)),
            },
            isOutput: kind is not ('u' or 'e' or 'r')))];

        FunctionCall Call(string id)
        {
            open.Add((id, true));
            return new FunctionCall(id, "f", "{}");
        }

        FunctionCallOutput Answer(int index)
        {
            var id = index < 0 ? "nobody's" : open[index].Id;
            if (index >= 0) open.RemoveAt(index);
            return new FunctionCallOutput(id, "1");
        }

        ItemBody Input(ItemBody body)
        {
            for (var i = 0; i < open.Count; i++) open[i] = open[i] with { Own = false };
            return body;
        }
    }

    private static Item ItemOf(long seq, ItemBody? body, bool isOutput) =>
        new(seq, new ItemId(Turn, 0, (int)seq), ItemStatus.Completed, body, isOutput ? new Emission(2, DeltaLengths.None) : null);
}
