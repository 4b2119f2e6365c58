using System.Collections.Immutable;
using Conversations.History;
using Conversations.Journal.Reading;
using Conversations.Sessions;
using Conversations.Turns;
using static Conversations.Cluster.Tests.SessionCluster;

namespace Conversations.Cluster.Tests.Sessions;

/// <summary>Items that are found by their names alone.</summary>
[Collection("cluster")]
public sealed class ItemReferenceTests(SessionCluster cluster)
{
    private const long Most = 1_000_000;
    private static readonly ImmutableSortedDictionary<string, string> Nothing = ImmutableSortedDictionary<string, string>.Empty;

    [Fact]
    public async Task Items_OfSeveralSessions_AreFoundTogetherByTheirTenantAlone()
    {
        var (one, other) = (cluster.NewKey("one"), cluster.NewKey("elsewhere"));
        var two = Beside(one, "two");
        ItemId[] names = [.. (await TurnAsync(one, Say("a"))).Concat(await TurnAsync(two, Say("b")))];

        Assert.Equal(["a", "b", "echo: a", "echo: b"], await FindAsync(one.Tenant, names));
        Assert.Empty(await FindAsync(other.Tenant, names));
        Assert.Empty(await FindAsync(one.Tenant, names.Select(name => name with { Attempt = 1 })));
        Assert.Empty(await FindAsync(one.Tenant, names.Select(name => name with { Index = name.Index + 2 })));
        Assert.Empty(await FindAsync(one.Tenant, names.Select(name => name with { Attempt = ushort.MaxValue, Index = int.MaxValue })));
        Assert.Empty(await FindAsync(one.Tenant, []));
    }

    [Fact]
    public async Task Items_OfMoreThanAPage_AreAllFoundAndNotPastTheBound()
    {
        var key = cluster.NewKey();
        var append = Say("x") with
        {
            Input = [.. Enumerable.Range(0, 230).Select(i => new Message(Role.User, [new InputText($"item {i:000}")]))],
            CallsModel = false,
        };
        var names = await TurnAsync(key, append);
        var length = 230L * """{"type":"message","role":"user","content":[{"type":"input_text","text":"item 000"}]}""".Length;

        Assert.Equal(Enumerable.Range(0, 230).Select(i => $"item {i:000}"), await FindAsync(key.Tenant, names, length));
        var refusal = await Assert.ThrowsAsync<RefusalException>(() => FindAsync(key.Tenant, names, length - 1));
        Assert.Equal((RefusalCode.TooLarge, "input"), (refusal.Code, refusal.Parameter));
        await Assert.ThrowsAsync<RefusalException>(() => FindAsync(key.Tenant, names[..1], length / 230 - 1));
    }

    [Fact]
    public async Task Items_ThatAreErasedOrNobodys_AreNotFound()
    {
        var key = cluster.NewKey("s");
        var names = await TurnAsync(key, Say("secret"));
        await cluster.Session(key).EraseItemAsync(names[0]);
        Assert.Equal(["echo: secret"], await FindAsync(key.Tenant, names));
        await cluster.Session(key).DeleteAsync();
        Assert.Empty(await FindAsync(key.Tenant, names));

        var kept = await TurnAsync(
            Beside(key, "private"),
            Say("hidden") with { Options = new TurnOptions { Store = false }, Lifetime = SessionLifetime.Private, OwnsSession = true });
        Assert.Empty(await FindAsync(key.Tenant, kept));
    }

    [Fact]
    public async Task Items_OfADeletedResponse_AreFoundOnlyInASessionThatItsCallerNamed()
    {
        var (unnamed, named) = (cluster.NewKey("unnamed"), cluster.NewKey("named"));
        var gone = await TurnAsync(unnamed, Say("a"));
        await cluster.Session(unnamed).DeleteTurnAsync(gone[0].Turn);
        var stays = await TurnAsync(named, Say("b") with { Options = new TurnOptions { NamesSession = true } });
        await cluster.Session(named).DeleteTurnAsync(stays[0].Turn);

        Assert.Empty(await FindAsync(unnamed.Tenant, gone));
        Assert.Equal(["b", "echo: b"], await FindAsync(named.Tenant, stays));
    }

    [Fact]
    public async Task Items_OfAnErasedParent_AreFoundAsFarAsAForkHasThem()
    {
        var parent = cluster.NewKey("parent");
        var shared = await TurnAsync(parent, Say("a"));
        var fork = Beside(parent, "fork");
        await cluster.Session(fork).ForkAsync(new ForkFrom { Session = "parent" }, Nothing);
        var own = await TurnAsync(parent, Say("b"));
        await cluster.Session(parent).DeleteAsync();

        Assert.Equal(["a", "echo: a"], await FindAsync(parent.Tenant, [.. shared, .. own]));
        await cluster.Session(fork).DeleteAsync();
        Assert.Empty(await FindAsync(parent.Tenant, shared));
    }

    [Fact]
    public async Task Items_OfAHistory_AreKnownUpToWhereItIsGoneOnFrom()
    {
        var parent = cluster.NewKey("parent");
        var first = await TurnAsync(parent, Say("a"));
        var second = await TurnAsync(parent, Say("b"));
        var fork = Beside(parent, "fork");
        await cluster.Session(fork).ForkAsync(new ForkFrom { Session = "parent", AtItem = first[1] }, Nothing);
        var third = await TurnAsync(fork, Say("c"));
        ItemId[] all = [.. first, .. second, .. third];

        Assert.Equal(["a", "b", "echo: a", "echo: b"], await KnownAsync(new ForkFrom { Session = "parent" }));
        Assert.Equal(["a", "echo: a"], await KnownAsync(new ForkFrom { Session = "parent", AfterTurn = first[0].Turn }));
        Assert.Equal(["a", "b", "echo: a", "echo: b"], await KnownAsync(new ForkFrom { Session = "parent", AfterTurn = second[0].Turn }));
        Assert.Equal(["a", "c", "echo: a", "echo: c"], await KnownAsync(new ForkFrom { Session = "fork" }));
        Assert.Equal(["a", "c", "echo: a", "echo: c"], await KnownAsync(new ForkFrom { Session = "fork", AfterTurn = third[0].Turn }));
        Assert.Empty(await KnownAsync(new ForkFrom { Session = "nowhere" }));
        Assert.Empty(await KnownAsync(null));

        async Task<IEnumerable<string>> KnownAsync(ForkFrom? history) =>
            TextsOf((await cluster.Journal.FindItemsAsync(parent.Tenant, all, history, Most, default)).Where(each => each.IsInHistory));
    }

    [Fact]
    public async Task Items_ThatWereRolledBack_AreFoundAndInNoHistory()
    {
        var key = cluster.NewKey();
        var held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        cluster.Model.Reply((_, stop) => HeldAsync(held.Task, stop));
        TurnRequest first = Say("a"), second = Say("b") with { Overlap = new OverlapPolicy(OverlapKind.Rollback) };
        await cluster.Session(key).SubmitAsync(first);
        cluster.Model.Reply(r => $"echo: {r.LastUser}");
        var names = await TurnAsync(key, second);

        var found = await cluster.Journal.FindItemsAsync(key.Tenant, [new ItemId(first.Id, 0, 0), names[0]], new ForkFrom { Session = key.Id }, Most, default);

        Assert.Equal([("a", false), ("b", true)], found.Select(each => (Assert.Single(TextsOf([each])), each.IsInHistory)).Order());
    }

    private static async IAsyncEnumerable<string> HeldAsync(Task held, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken stop)
    {
        await held.WaitAsync(stop);
        yield return "late";
    }

    private static IEnumerable<string> TextsOf(IEnumerable<FoundItem> found) => found.Select(each => ((Message)each.Item.Body!).Content[0] switch
    {
        InputText said => said.Text,
        var other => ((OutputText)other).Text,
    }).Order(StringComparer.Ordinal);

    private async Task<IEnumerable<string>> FindAsync(string tenant, IEnumerable<ItemId> names, long most = Most) =>
        TextsOf(await cluster.Journal.FindItemsAsync(tenant, [.. names], null, most, default));

    // The names of a turn's items.
    private async Task<ImmutableArray<ItemId>> TurnAsync(SessionKey key, TurnRequest request)
    {
        await cluster.Session(key).SubmitAsync(request);
        await cluster.EventsAsync(key, request.Id);
        var turn = await cluster.Journal.FindTurnAsync(key, request.Id, default);
        return [.. turn!.Input.Concat(turn.Output).Select(item => item.Id)];
    }
}
