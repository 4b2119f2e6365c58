using System.Collections.Immutable;
using Conversations.Client.Sessions;
using Conversations.History;
using Conversations.Journal.Reading;
using Conversations.Sessions;
using Microsoft.Extensions.Options;

namespace Conversations.Client.Requests;

/// <summary>Puts stored items in the place of what refers to them. An item never changes, so the same request always comes to the same.</summary>
internal sealed class References([FromKeyedServices(PatientJournal.Key)] IJournalReader journal, IOptions<GatewayOptions> options)
{
    /// <summary>The wish with the items themselves.</summary>
    /// <exception cref="RefusalException">There is no such item, it is there already, or they are too large together.</exception>
    public async Task<TurnWish> ResolveAsync(TurnWish wish, CancellationToken cancellationToken) =>
        wish with { Input = await ResolveAsync(wish.Tenant, wish.Input, wish.History, cancellationToken) };

    /// <summary>As above, for items that go to the end of a session.</summary>
    public Task<ImmutableArray<ItemBody>> ResolveAsync(SessionKey key, ImmutableArray<ItemBody> input, CancellationToken cancellationToken) =>
        ResolveAsync(key.Tenant, input, new ForkFrom { Session = key.Id }, cancellationToken);

    private async Task<ImmutableArray<ItemBody>> ResolveAsync(
        string tenant, ImmutableArray<ItemBody> input, ForkFrom? history, CancellationToken cancellationToken)
    {
        var names = new Dictionary<ItemId, ItemReference>();
        foreach (var reference in input.OfType<ItemReference>())
        {
            if (!ItemId.TryParse(reference.Name, out var id)) throw NotFound(reference);
            if (!names.TryAdd(id, reference)) throw Doubled(reference, "the input refers to it before");
        }

        if (names.Count == 0) return input;
        var found = await journal.FindItemsAsync(tenant, [.. names.Keys], history, options.Value.MaxBodyBytes, cancellationToken);
        var items = found.ToLookup(each => names[each.Item.Id]);
        return [.. input.Select(body => body is ItemReference reference ? BodyOf(reference, items[reference].FirstOrDefault()) : body)];
    }

    private static ItemBody BodyOf(ItemReference reference, FoundItem? found)
    {
        if (found?.Item.Body is not { } body || found.Item.Id.ToString(body) != reference.Name) throw NotFound(reference);
        if (found.IsInHistory) throw Doubled(reference, "the history that the request goes on from has it");
        return body switch
        {
            // Its place was in another history: here it stands for all before it, as when a caller brings it.
            Compaction compaction => compaction with { Through = null },
            ApprovalRequest or ApprovalResponse => throw new RefusalException(
                RefusalCode.Invalid, $"'{reference.Path}' is an approval, which belongs to its own response alone: leave it out.", reference.Path),
            _ => body,
        };
    }

    private static RefusalException NotFound(ItemReference reference) => new(
        RefusalCode.ItemNotFound,
        $"Item with id '{reference.Name}' not found. What was deleted, or made with 'store' false, is not kept: send the item itself, or leave it out.",
        reference.Path);

    private static RefusalException Doubled(ItemReference reference, string why) => new(
        RefusalCode.Invalid, $"Duplicate item found with id '{reference.Name}': {why}. Leave it out of the input.", reference.Path);
}
