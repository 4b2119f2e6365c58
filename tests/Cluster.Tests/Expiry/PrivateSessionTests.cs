using System.Collections.Immutable;
using Conversations.Grains.Expiry;
using Conversations.History;
using Conversations.Sessions;
using Conversations.Turns;
using static Conversations.Cluster.Tests.SessionCluster;

namespace Conversations.Cluster.Tests.Expiry;

/// <summary>What is not stored is in a session that only the caller finds that it is there for.</summary>
[Collection("cluster")]
public sealed class PrivateSessionTests(SessionCluster cluster)
{
    private static readonly ImmutableSortedDictionary<string, string> Nothing = ImmutableSortedDictionary<string, string>.Empty;

    [Fact]
    public async Task Session_ForOneCaller_IsFoundByNobodyElse()
    {
        var key = cluster.NewKey();
        var first = await TurnAsync(key, Private("one"));
        var session = cluster.Session(key);

        Assert.Null(await cluster.Journal.FindSessionAsync(key, default));
        Assert.Empty((await cluster.Journal.ListSessionsAsync(key.Tenant, null, true, 10, Nothing, default)).Sessions);
        await AssertHiddenAsync(() => session.SubmitAsync(Say("two")));
        await AssertHiddenAsync(() => session.DeleteAsync());
        await AssertHiddenAsync(() => session.SetMetadataAsync(Nothing));
        await AssertHiddenAsync(() => session.CreateOrGetAsync(Nothing));
        await AssertHiddenAsync(() => session.EraseItemAsync(first.Output[0].Id));
        await AssertHiddenAsync(() => session.DeleteTurnAsync(first.Turn.Id));
        await AssertHiddenAsync(() => cluster.Session(Beside(key, "fork")).ForkAsync(new ForkFrom { Session = key.Id }, Nothing));
        // Its own caller goes on with it.
        await TurnAsync(key, Private("two") with { After = first.Turn.Id, MayFork = true });
        Assert.Equal(["user: one", "assistant: echo: one", "user: two"], cluster.Model.Requests[^1].Messages);
    }

    [Fact]
    public async Task Session_LetGo_IsGoneAndWhatRanInItToo()
    {
        var key = cluster.NewKey();
        var held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        cluster.Model.Reply((_, stop) => Held(held.Task, stop));
        try
        {
            await cluster.Session(key).SubmitAsync(Private("one"));
            Assert.True(await cluster.Session(key).ExpireAsync(null));
        }
        finally
        {
            held.SetResult();
            cluster.Model.Reply(r => $"echo: {r.LastUser}");
        }

        Assert.Equal(0L, await RowsAsync(key));
        Assert.False(await cluster.Session(key).ExpireAsync(null));
    }

    [Fact]
    public async Task Session_ThatIsStored_IsNotLetGo()
    {
        var key = cluster.NewKey();
        await cluster.TurnAsync(key, "one");

        Assert.False(await cluster.Session(key).ExpireAsync(null));
        Assert.Equal(2, (await cluster.Journal.FindSessionAsync(key, default))!.ItemCount);
    }

    [Fact]
    public async Task Request_ThatIsNotStored_GoesOnFromAStoredOneInAForkOfItsOwn()
    {
        var parent = cluster.NewKey();
        var fork = Beside(parent, "fork");
        var first = await cluster.TurnAsync(parent, "one");
        var wish = Private("two") with { After = first.Turn.Id, MayFork = true, CreatesSession = false };
        var answer = await cluster.Session(parent).SubmitAsync(wish);
        Assert.True(answer.NeedsFork);

        await TurnAsync(fork, wish with { After = null, CreatesSession = true, From = new ForkFrom { Session = parent.Id, AfterTurn = first.Turn.Id } });
        Assert.Equal(["user: one", "assistant: echo: one", "user: two"], cluster.Model.Requests[^1].Messages);
        Assert.True(await cluster.Session(fork).ExpireAsync(null));
        Assert.Equal(["user: one", "assistant: echo: one"], await cluster.TranscriptAsync(parent));
    }

    [Fact]
    public async Task Request_ThatIsStored_GoesOnFromAPrivateOneInAForkThatOutlivesIt()
    {
        var parent = cluster.NewKey();
        var fork = Beside(parent, "fork");
        var first = await TurnAsync(parent, Private("one"));
        var wish = Say("two") with { After = first.Turn.Id, MayFork = true, OwnsSession = true };
        Assert.True((await cluster.Session(parent).SubmitAsync(wish)).NeedsFork);

        var from = new ForkFrom { Session = parent.Id, AfterTurn = first.Turn.Id, OwnsSession = true };
        await TurnAsync(fork, wish with { After = null, OwnsSession = false, From = from });
        Assert.True(await cluster.Session(parent).ExpireAsync(null));

        Assert.Equal(
            ["one", "echo: one", "two", "echo: two"],
            (await cluster.Journal.ListItemsAsync(fork, null, newestFirst: false, 10, default))!.Items.Select(TextOf));
    }

    [Fact]
    public async Task Session_WhoseGatewayDied_IsErasedInTheEnd()
    {
        var (key, used) = (cluster.NewKey(), cluster.NewKey());
        await TurnAsync(key, Private("one"));
        await TurnAsync(used, Private("one"));
        await ExpiryTests.AgeAsync(cluster, key, "61 minutes");
        await ExpiryTests.AgeAsync(cluster, used, "59 minutes");
        await cluster.Cluster.Client.GetGrain<IExpiryGrain>(0).SweepAsync();

        Assert.Equal(0L, await RowsAsync(key));
        Assert.Equal(2L, await RowsAsync(used));
    }

    private static TurnRequest Private(string text) => Say(text) with
    {
        Options = new TurnOptions { Store = false },
        Lifetime = SessionLifetime.Private,
        OwnsSession = true,
    };

    private static string TextOf(Item item) => ((Message)item.Body!).Content[0] switch
    {
        InputText said => said.Text,
        OutputText said => said.Text,
        var other => throw new InvalidOperationException($"{other}"),
    };

    private static async IAsyncEnumerable<string> Held(Task held, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken stop)
    {
        yield return "Well";
        await held.WaitAsync(stop);
    }

    private static async Task AssertHiddenAsync(Func<Task> call) =>
        Assert.Equal(RefusalCode.SessionNotFound, (await Assert.ThrowsAsync<RefusalException>(call)).Code);

    private async Task<TurnEnded> TurnAsync(SessionKey key, TurnRequest request)
    {
        await cluster.Session(key).SubmitAsync(request);
        return (TurnEnded)(await cluster.EventsAsync(key, request.Id))[^1];
    }

    private async Task<long> RowsAsync(SessionKey key)
    {
        await using var command = cluster.Database.CreateCommand("select count(*) from conversations.item where tenant = $1 and session = $2");
        command.Parameters.AddWithValue(key.Tenant);
        command.Parameters.AddWithValue(key.Id);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
