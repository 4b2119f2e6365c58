using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Conversations.History;
using Conversations.Sessions;
using Conversations.Testing;
using Conversations.Turns;
using static Conversations.Cluster.Tests.SessionCluster;

namespace Conversations.Cluster.Tests.Sessions;

[Collection("cluster")]
public sealed class ForkTests(SessionCluster cluster) : IDisposable
{
    public void Dispose() => cluster.Model.Reply(r => $"echo: {r.LastUser}");

    [Fact]
    public async Task Fork_OfAnEndedTurn_GoesOnFromThereAndSoDoesTheParent()
    {
        var parent = cluster.NewKey("parent");
        var first = await cluster.TurnAsync(parent, "one");
        await cluster.TurnAsync(parent, "two");
        var fork = await ForkAsync(parent, "fork", place => place with { AtItem = first.Output[^1].Id });
        await cluster.TurnAsync(fork, "other two");
        var heard = cluster.Model.Requests[^1].Messages;
        await cluster.TurnAsync(parent, "three");

        Assert.Equal(["user: one", "assistant: echo: one", "user: other two"], heard);
        Assert.Equal(["one", "echo: one", "other two", "echo: other two"], await TextsAsync(fork));
        Assert.Equal(["one", "echo: one", "two", "echo: two", "three", "echo: three"], await TextsAsync(parent));
        Assert.Equal(new Parent("parent", 2), (await cluster.Journal.FindSessionAsync(fork, default))!.Parent);
    }

    [Fact]
    public async Task Fork_OfALongSession_WritesOneHeadRowAndReadsNoMoreThanTheWindow()
    {
        var parent = cluster.NewKey("parent");
        for (var i = 0; i < 12; i++) await cluster.TurnAsync(parent, $"m{i}");
        var fork = await ForkAsync(parent, "fork");

        Assert.Equal((1L, 0L, 0L), (await CountAsync("session", fork), await CountAsync("turn", fork), await CountAsync("item", fork)));
        await cluster.TurnAsync(fork, "m12");
        var warm = cluster.Model.Requests[^1].Messages;
        await cluster.Cluster.DeactivateAsync(cluster.Session(fork));
        await cluster.TurnAsync(fork, "m13");
        var cold = cluster.Model.Requests[^1].Messages;
        Assert.Equal(("user: m9", "user: m12"), (warm[0], warm[^1]));
        Assert.Equal(("user: m10", "user: m13"), (cold[0], cold[^1]));
        Assert.Equal(28, (await ItemsAsync(fork)).Length);
    }

    [Fact]
    public async Task Fork_BeforeAnItem_EditsWhatWasSaidThere()
    {
        var parent = cluster.NewKey("parent");
        await cluster.TurnAsync(parent, "one");
        await cluster.TurnAsync(parent, "tow");
        var items = await ItemsAsync(parent);
        var fork = await ForkAsync(parent, "fork", place => place with { BeforeItem = items[2].Id });
        await cluster.TurnAsync(fork, "two");
        var empty = await ForkAsync(parent, "empty", place => place with { BeforeItem = items[0].Id });
        await cluster.TurnAsync(empty, "zero");

        Assert.Equal(["one", "echo: one", "two", "echo: two"], await TextsAsync(fork));
        Assert.Equal(["zero", "echo: zero"], await TextsAsync(empty));
    }

    [Fact]
    public async Task Fork_InsideAnInheritedPrefix_PointsAtTheAncestorThatOwnsIt()
    {
        var root = cluster.NewKey("root");
        await cluster.TurnAsync(root, "one");
        await cluster.TurnAsync(root, "two");
        var child = await ForkAsync(root, "child");
        await cluster.TurnAsync(child, "three");
        var items = await ItemsAsync(child);
        var inPrefix = await ForkAsync(child, "a", place => place with { AtItem = items[1].Id });
        var atBoundary = await ForkAsync(child, "b", place => place with { AtItem = items[3].Id });
        var inOwn = await ForkAsync(child, "c", place => place with { AtItem = items[4].Id });

        Assert.Equal(new Parent("root", 2), (await cluster.Journal.FindSessionAsync(inPrefix, default))!.Parent);
        Assert.Equal(new Parent("root", 4), (await cluster.Journal.FindSessionAsync(atBoundary, default))!.Parent);
        Assert.Equal(new Parent("child", 5), (await cluster.Journal.FindSessionAsync(inOwn, default))!.Parent);
        Assert.Equal(["one", "echo: one", "two", "echo: two", "three"], await TextsAsync(inOwn));
    }

    [Fact]
    public async Task Fork_InsideATurn_ClosesItsOpenCalls()
    {
        var parent = cluster.NewKey("parent");
        cluster.Model.ReplyRaw((r, _) => r.Messages.Any(m => m.StartsWith("tool", StringComparison.Ordinal))
            ? Deltas(new JsonObject { ["content"] = "three" })
            : Deltas(ScriptedModel.Call(0, "call-1", "add", """{"a":1,"b":2}""")));
        var turn = Say("add") with { Options = new TurnOptions { Agent = "handy" } };
        await cluster.Session(parent).SubmitAsync(turn);
        await cluster.EventsAsync(parent, turn.Id);
        cluster.Model.Reply(r => $"echo: {r.LastUser}");
        var call = (await ItemsAsync(parent)).Single(i => i.Body is FunctionCall);
        var fork = await ForkAsync(parent, "fork", place => place with { AtItem = call.Id });
        var again = await cluster.Session(fork).ForkAsync(new ForkFrom { Session = "parent", AtItem = call.Id }, Nothing);
        var items = await ItemsAsync(fork);

        Assert.Equal(2, again.Parent!.Seq);
        Assert.Equal([0, 1, 2], items.Select(i => i.Seq));
        Assert.Equal("call-1", Assert.IsType<FunctionCallOutput>(items[^1].Body).CallId);
        await cluster.TurnAsync(fork, "so?");
        Assert.Equal("user: so?", cluster.Model.Requests[^1].Messages[^1]);
    }

    [Fact]
    public async Task Fork_WhileATurnRuns_BeginsBeforeIt()
    {
        var parent = cluster.NewKey("parent");
        await cluster.TurnAsync(parent, "one");
        var gate = new TaskCompletionSource();
        cluster.Model.ReplyRaw((_, stop) => Held(gate.Task, stop));
        var running = await cluster.Session(parent).SubmitAsync(Say("two"));
        await cluster.Session(parent).WatchAsync(running.Turn.Id, 1);
        var fork = await ForkAsync(parent, "fork");
        var refusal = await Assert.ThrowsAsync<RefusalException>(
            () => ForkAsync(parent, "inside", place => place with { AtItem = new ItemId(running.Turn.Id, 0, 0) }));

        Assert.Equal(["one", "echo: one"], await TextsAsync(fork));
        Assert.Equal((RefusalCode.Invalid, "at_item"), (refusal.Code, refusal.Parameter));
        gate.SetResult();
        await cluster.EventsAsync(parent, running.Turn.Id);
    }

    [Fact]
    public async Task Fork_Again_IsTheSameForkAndAnotherIsRefused()
    {
        var parent = cluster.NewKey("parent");
        var first = await cluster.TurnAsync(parent, "one");
        var fork = await ForkAsync(parent, "fork");
        await cluster.TurnAsync(parent, "two");
        await cluster.TurnAsync(fork, "mine");

        Assert.Equal(4, (await cluster.Session(fork).ForkAsync(new ForkFrom { Session = "parent" }, Nothing)).ItemCount);
        Assert.Equal(4, (await cluster.Session(fork).ForkAsync(new ForkFrom { Session = "parent", AtItem = first.Output[^1].Id }, Nothing)).ItemCount);
        var items = await ItemsAsync(parent);
        foreach (var other in new[] { new ForkFrom { Session = "parent", AtItem = items[^1].Id }, new ForkFrom { Session = "fork" } })
        {
            var taken = cluster.Session(other.Session == "fork" ? parent : fork);
            Assert.Equal(RefusalCode.SessionExists, (await Assert.ThrowsAsync<RefusalException>(() => taken.ForkAsync(other, Nothing))).Code);
        }
    }

    [Theory]
    [InlineData("nowhere", RefusalCode.SessionNotFound)]
    [InlineData("parent", RefusalCode.ItemNotFound)]
    public async Task Fork_OfNothing_IsRefusedAndMakesNoSession(string session, RefusalCode code)
    {
        var parent = cluster.NewKey("parent");
        await cluster.TurnAsync(parent, "one");
        var refusal = await Assert.ThrowsAsync<RefusalException>(
            () => ForkAsync(parent, "fork", place => place with { Session = session, AtItem = new ItemId(TurnId.New(TimeProvider.System), 0, 0) }));

        Assert.Equal(code, refusal.Code);
        SessionKey.TryCreate(parent.Tenant, "fork", out var fork);
        Assert.Null(await cluster.Journal.FindSessionAsync(fork, default));
    }

    [Fact]
    public async Task Parent_Erased_LeavesItsForksWhatTheyBeginWithAndNothingElse()
    {
        var parent = cluster.NewKey("parent");
        await cluster.TurnAsync(parent, "one");
        var fork = await ForkAsync(parent, "fork");
        var younger = await ForkAsync(fork, "younger");
        await cluster.TurnAsync(parent, "secret");
        await cluster.Session(parent).DeleteAsync();

        Assert.Null(await cluster.Journal.FindSessionAsync(parent, default));
        Assert.Equal(0, await CountAsync("item", "secret", parent.Tenant));
        Assert.Equal(["one", "echo: one"], await TextsAsync(fork));
        await cluster.Cluster.DeactivateAsync(cluster.Session(fork));
        await cluster.TurnAsync(fork, "two");
        Assert.Equal(["user: one", "assistant: echo: one", "user: two"], cluster.Model.Requests[^1].Messages);

        // The name is free for another conversation, which shares nothing with the erased one.
        await cluster.TurnAsync(parent, "anew");
        Assert.Equal(["anew", "echo: anew"], await TextsAsync(parent));
        var late = await ForkAsync(fork, "late", place => place with { AtItem = new ItemId(ItemAt(fork, 1).Turn, 0, 1) });
        Assert.Equal(["one", "echo: one"], await TextsAsync(late));

        await cluster.Session(late).DeleteAsync();
        await cluster.Session(fork).DeleteAsync();
        Assert.Equal(["one", "echo: one"], await TextsAsync(younger));
        await cluster.Session(younger).DeleteAsync();
        Assert.Equal(0, await CountAsync("item", "one", parent.Tenant));
        Assert.Equal(4, await CountAsync("session", parent.Tenant));
    }

    [Fact]
    public async Task Item_ErasedInTheParent_IsGoneFromEveryBranch()
    {
        var parent = cluster.NewKey("parent");
        await cluster.TurnAsync(parent, "secret");
        var fork = await ForkAsync(parent, "fork");
        await cluster.TurnAsync(fork, "two");
        var item = ItemAt(parent, 0);
        var refusal = await Assert.ThrowsAsync<RefusalException>(() => cluster.Session(fork).EraseItemAsync(item));
        await cluster.Session(parent).EraseItemAsync(item);
        await cluster.TurnAsync(fork, "three");

        Assert.Contains("'parent'", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("user: secret", cluster.Model.Requests[^1].Messages);
        Assert.Equal(["echo: secret", "two", "echo: two", "three", "echo: three"], await TextsAsync(fork));

        // Of an erased parent its forks dispose.
        await cluster.Session(parent).DeleteAsync();
        await cluster.Session(fork).EraseItemAsync(ItemAt(fork, 0));
        Assert.Equal(["two", "echo: two", "three", "echo: three"], await TextsAsync(fork));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Item_ErasedWhileAForkIsMade_IsGoneFromTheFork(bool byATurn)
    {
        var parent = cluster.NewKey("parent");
        var first = await cluster.TurnAsync(parent, "secret");
        var (hasRead, wasErased) = (new TaskCompletionSource(), new TaskCompletionSource());
        cluster.Reads.BeforeFork[parent.Tenant] = () =>
        {
            hasRead.TrySetResult();
            return wasErased.Task;
        };
        SessionKey.TryCreate(parent.Tenant, "fork", out var fork);
        var forking = byATurn
            ? cluster.Session(fork).SubmitAsync(Say("two") with { From = new ForkFrom { Session = parent.Id, AfterTurn = first.Turn.Id } })
            : ForkAsync(parent, "fork") as Task;
        await hasRead.Task;
        await cluster.Session(parent).EraseItemAsync(ItemAt(parent, 0));
        wasErased.SetResult();
        await forking;
        await cluster.TurnAsync(fork, "three");

        Assert.DoesNotContain("user: secret", cluster.Model.Requests[^1].Messages);
        Assert.Contains("user: three", cluster.Model.Requests[^1].Messages);
    }

    [Fact]
    public async Task Request_AfterTheNewestTurn_GoesOnThereAndAfterAnotherNeedsAFork()
    {
        var key = cluster.NewKey("parent");
        var first = (await cluster.TurnAsync(key, "one")).Turn.Id;
        var second = await cluster.Session(key).SubmitAsync(Say("two") with { After = first, MayFork = true });
        await cluster.EventsAsync(key, second.Turn.Id);
        var branch = Say("other two") with { After = first, MayFork = true };
        var answer = await cluster.Session(key).SubmitAsync(branch);
        SessionKey.TryCreate(key.Tenant, "branch", out var fork);
        var inFork = branch with { After = null, MayFork = false, From = new ForkFrom { Session = key.Id, AfterTurn = first } };
        var accepted = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => cluster.Session(fork).SubmitAsync(inFork with { IsFirstTry = false })));
        await cluster.EventsAsync(fork, branch.Id);

        Assert.False(second.NeedsFork);
        Assert.True(answer.NeedsFork);
        Assert.Equal(first, answer.Turn.Id);
        Assert.Single(accepted, a => a.IsNew);
        Assert.Equal(["one", "echo: one", "other two", "echo: other two"], await TextsAsync(fork));
        var refusal = await Assert.ThrowsAsync<RefusalException>(() => cluster.Session(key).SubmitAsync(Say("no") with { After = first }));
        Assert.Equal(RefusalCode.Moved, refusal.Code);
    }

    [Fact]
    public async Task Request_AfterATurnOfANamedSession_NeedsAForkAlsoInAnotherLife()
    {
        var key = cluster.NewKey("named");
        var named = Say("one") with { Options = new TurnOptions { NamesSession = true } };
        await cluster.Session(key).SubmitAsync(named);
        await cluster.EventsAsync(key, named.Id);
        var request = Say("two") with { After = named.Id, MayFork = true };

        Assert.True((await cluster.Session(key).SubmitAsync(request)).NeedsFork);
        await cluster.Cluster.DeactivateAsync(cluster.Session(key));
        Assert.True((await cluster.Session(key).SubmitAsync(request)).NeedsFork);
        Assert.Equal(["one", "echo: one"], await TextsAsync(key));
    }

    [Fact]
    public async Task Parents_ErasedWhileForksAreMade_LoseNoForksPrefix()
    {
        for (var round = 0; round < 10; round++)
        {
            var parent = cluster.NewKey("parent");
            await cluster.TurnAsync(parent, "one");
            var forks = Enumerable.Range(0, 4).Select(async i =>
            {
                try
                {
                    return (SessionKey?)await ForkAsync(parent, $"fork-{i}");
                }
                catch (Exception e) when (e is RefusalException or RetryException)
                {
                    return null;
                }
            }).ToList();
            var erased = cluster.Session(parent).DeleteAsync();
            await Task.WhenAll([erased, .. forks]);

            foreach (var fork in forks.Select(f => f.Result).OfType<SessionKey>()) Assert.Equal(["one", "echo: one"], await TextsAsync(fork));
        }
    }

    private static readonly ImmutableSortedDictionary<string, string> Nothing = ImmutableSortedDictionary<string, string>.Empty;

    private async Task<SessionKey> ForkAsync(SessionKey parent, string id, Func<ForkFrom, ForkFrom>? at = null)
    {
        SessionKey.TryCreate(parent.Tenant, id, out var key);
        var from = new ForkFrom { Session = parent.Id };
        await cluster.Session(key).ForkAsync(at?.Invoke(from) ?? from, Nothing);
        return key;
    }

    private static async IAsyncEnumerable<JsonObject> Deltas(JsonObject delta)
    {
        await Task.Yield();
        yield return delta;
    }

    private static async IAsyncEnumerable<JsonObject> Held(Task gate, [EnumeratorCancellation] CancellationToken stop)
    {
        await gate.WaitAsync(stop);
        yield return new JsonObject { ["content"] = "late" };
    }

    private async Task<ImmutableArray<Item>> ItemsAsync(SessionKey key) =>
        (await cluster.Journal.ListItemsAsync(key, null, newestFirst: false, 100, default))!.Items;

    private ItemId ItemAt(SessionKey key, int index) => ItemsAsync(key).GetAwaiter().GetResult()[index].Id;

    private async Task<IReadOnlyList<string>> TextsAsync(SessionKey key)
    {
        var items = await ItemsAsync(key);
        // Both orders and every cursor tell the same.
        var backwards = (await cluster.Journal.ListItemsAsync(key, null, newestFirst: true, 100, default))!.Items;
        Assert.Equal(items.Reverse().Select(i => i.Id), backwards.Select(i => i.Id));
        for (var i = 0; i < items.Length; i++)
        {
            Assert.Equal(items[i].Id, (await cluster.Journal.FindItemAsync(key, items[i].Id, default))!.Id);
            var rest = await cluster.Journal.ListItemsAsync(key, items[i].Id, newestFirst: false, 1, default);
            Assert.Equal(items.Skip(i + 1).Take(1).Select(n => n.Id), rest!.Items.Select(n => n.Id));
        }

        return [.. items.Select(i => i.Body).OfType<Message>().SelectMany(m => m.Content).Select(p => p is InputText given ? given.Text : ((OutputText)p).Text)];
    }

    private Task<long> CountAsync(string table, SessionKey key) => CountAsync($"select count(*) from conversations.{table} where tenant = $1 and session = $2", [key.Tenant, key.Id]);

    private Task<long> CountAsync(string table, string tenant) => CountAsync($"select count(*) from conversations.{table} where tenant = $1", [tenant]);

    private Task<long> CountAsync(string table, string said, string tenant) =>
        CountAsync($"select count(*) from conversations.{table} where tenant = $1 and body::text like '%' || $2 || '%'", [tenant, said]);

    private async Task<long> CountAsync(string sql, object[] values)
    {
        await using var command = cluster.Database.CreateCommand(sql);
        foreach (var value in values) command.Parameters.AddWithValue(value);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
