using System.Collections.Immutable;
using Conversations.History;
using Conversations.Turns;

namespace Conversations.Client.Sessions;

/// <summary>What a turn came to; or, while it waits for a person, what it has come to so far.</summary>
/// <param name="Turn">The turn: ended or parked.</param>
/// <param name="Output">The items it produced, in order.</param>
public sealed record TurnResult(Turn Turn, ImmutableArray<Item> Output);
