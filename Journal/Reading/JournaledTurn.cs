using System.Collections.Immutable;
using Conversations.History;
using Conversations.Sessions;
using Conversations.Turns;

namespace Conversations.Journal.Reading;

/// <summary>A turn as it is on disk.</summary>
/// <param name="Turn">The turn.</param>
/// <param name="Input">The items it was given; their seq is -1 while it is queued. In order.</param>
/// <param name="Output">The items it produced so far, in order.</param>
/// <param name="Silo">The name of the silo that wrote to the session last.</param>
/// <param name="Position">How many unfinished turns come before it.</param>
public sealed record JournaledTurn(Turn Turn, ImmutableArray<Item> Input, ImmutableArray<Item> Output, string? Silo, int Position = 0);

/// <summary>Some of a tenant's sessions.</summary>
/// <param name="Sessions">The sessions, in the order asked for.</param>
/// <param name="HasMore">Whether there are more after the last.</param>
public sealed record SessionPage(ImmutableArray<Session> Sessions, bool HasMore);

/// <summary>Some of a session's items.</summary>
/// <param name="Items">The items, in the order asked for.</param>
/// <param name="HasMore">Whether there are more after the last.</param>
/// <param name="Silo">The name of the silo that wrote to the session last.</param>
public sealed record ItemPage(ImmutableArray<Item> Items, bool HasMore, string? Silo);

/// <summary>An item that was found by its name alone.</summary>
/// <param name="Item">The item.</param>
/// <param name="IsInHistory">Whether the history that it was compared with has it, and shows it.</param>
public sealed record FoundItem(Item Item, bool IsInHistory);
