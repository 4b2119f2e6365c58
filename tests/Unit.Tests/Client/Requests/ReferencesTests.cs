using System.Collections.Immutable;
using Conversations.Client;
using Conversations.Client.Requests;
using Conversations.History;
using Conversations.Journal.Reading;
using Conversations.Sessions;
using Conversations.Turns;
using Conversations.Unit.Tests.Client.Grpc;
using Microsoft.Extensions.Options;

namespace Conversations.Unit.Tests.Client.Requests;

public sealed class ReferencesTests
{
    private static readonly SessionKey Key = SessionKey.Parse("acme/user-42");

    private readonly MadeUpSessions _sessions = new();
    private readonly References _references;

    public ReferencesTests() => _references = new References(_sessions, Options.Create(new GatewayOptions { MaxBodyBytes = 2_000 }));

    public static TheoryData<int> Kinds => [.. Enumerable.Range(0, Samples.Bodies.Count(body => body is not (ApprovalRequest or ApprovalResponse)))];

    [Fact]
    public async Task Resolve_InputWithoutReferences_LooksNothingUp()
    {
        _sessions.First = _ => throw new InvalidOperationException();
        ImmutableArray<ItemBody> input = [Said("a"), new FunctionCallOutput("c", "d")];

        Assert.Equal(input, await _references.ResolveAsync(Key, input, default));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Resolve_ReferenceToAnyKind_IsTheItemAsItWasInItsPlace(int kind)
    {
        var body = Samples.Bodies.ElementAt(kind);
        _sessions.Referred = id => new FoundItem(new Item(7, id, ItemStatus.Completed, body), false);

        var (before, after) = (Said("a"), Said("b"));

        Assert.Equal([before, body, after], (await _references.ResolveAsync(Key, [before, To(body), after], default)).AsEnumerable());
    }

    [Fact]
    public async Task Resolve_Summary_StandsForAllBeforeItHere()
    {
        var body = new Compaction("They greeted.", Through: 40);
        _sessions.Referred = id => new FoundItem(new Item(50, id, ItemStatus.Completed, body), false);

        Assert.Equal(new Compaction("They greeted."), Assert.Single(await _references.ResolveAsync(Key, [To(body)], default)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("msg_")]
    [InlineData("msg_1")]
    [InlineData("rs_0d2e7178170ebf7c1016932eaf3248c8193ba477393a000306e")]
    [InlineData("what_AZjA3gAAcACAAAAAAAAAAQAAAAAACQ")]
    public async Task Resolve_IdThatIsNobodys_IsNotFound(string name) =>
        await RefusedAsync(RefusalCode.ItemNotFound, [new ItemReference(name, "input[0].id")], "input[0].id");

    [Fact]
    public async Task Resolve_IdOfNothing_IsNotFoundAndNamesWhichOne()
    {
        var known = Samples.Name(1);
        _sessions.Referred = id => id == known ? new FoundItem(new Item(7, id, ItemStatus.Completed, Said("a")), false) : null;

        var refusal = await RefusedAsync(
            RefusalCode.ItemNotFound, [new ItemReference($"msg_{known}", "input[0].id"), Said("b"), new ItemReference($"msg_{Samples.Name(2)}", "input[2].id")], "input[2].id");

        Assert.Contains($"msg_{Samples.Name(2)}", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Resolve_IdOfAnotherKind_IsNotFound()
    {
        _sessions.Referred = id => new FoundItem(new Item(7, id, ItemStatus.Completed, Said("a")), false);

        await RefusedAsync(RefusalCode.ItemNotFound, [new ItemReference($"fc_{Samples.Name(1)}", "input[0].id")], "input[0].id");
    }

    [Fact]
    public async Task Resolve_SameItemTwice_IsRefusedBeforeAnythingIsRead()
    {
        _sessions.First = _ => throw new InvalidOperationException();
        var name = $"msg_{Samples.Name(1)}";

        await RefusedAsync(RefusalCode.Invalid, [new ItemReference(name, "input[0].id"), new ItemReference(name, "input[1].id")], "input[1].id");
    }

    [Fact]
    public async Task Resolve_ItemThatTheHistoryHas_IsRefused()
    {
        _sessions.Referred = id => new FoundItem(new Item(7, id, ItemStatus.Completed, Said("a")), IsInHistory: true);

        var refusal = await RefusedAsync(RefusalCode.Invalid, [To(Said("a"))], "input[0].id");

        Assert.StartsWith("Duplicate item found with id 'msg_", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Resolve_Approval_IsRefused()
    {
        _sessions.Referred = id => new FoundItem(new Item(7, id, ItemStatus.Completed, new ApprovalRequest("c", "f", "{}")), false);

        await RefusedAsync(RefusalCode.Invalid, [To(new ApprovalRequest("c", "f", "{}"))], "input[0].id");
    }

    [Fact]
    public async Task Resolve_Wish_IsComparedWithTheHistoryThatItGoesOnFrom()
    {
        var said = Said("a");
        _sessions.Referred = id => new FoundItem(new Item(7, id, ItemStatus.Completed, said), false);
        var wish = new TurnWish { Tenant = "acme", Input = [To(Said("a"))], Options = new TurnOptions() };

        Assert.Same(said, Assert.Single((await _references.ResolveAsync(wish, default)).Input));
        Assert.Equal(("acme", null, 2_000), _sessions.LastLookup);

        await _references.ResolveAsync(wish with { Session = Key }, default);
        Assert.Equal(("acme", new ForkFrom { Session = "user-42" }, 2_000), _sessions.LastLookup);

        await _references.ResolveAsync(wish with { Previous = new TurnPlace(Key, Samples.TurnId) }, default);
        Assert.Equal(("acme", new ForkFrom { Session = "user-42", AfterTurn = Samples.TurnId }, 2_000), _sessions.LastLookup);
    }

    private async Task<RefusalException> RefusedAsync(RefusalCode code, ImmutableArray<ItemBody> input, string parameter)
    {
        var refusal = await Assert.ThrowsAsync<RefusalException>(() => _references.ResolveAsync(Key, input, default));
        Assert.Equal((code, parameter), (refusal.Code, refusal.Parameter));
        return refusal;
    }

    private static ItemReference To(ItemBody body) => new(Samples.Name(1).ToString(body), "input[0].id");

    private static Message Said(string text) => new(Role.User, [new InputText(text)]);
}
