using System.Collections.Immutable;
using Conversations.History;
using Conversations.Turns;

namespace Conversations.Grains.Sessions;

/// <summary>An unfinished turn in memory. The record is replaced with every change; this is the thing that stays.</summary>
internal sealed class ActiveTurn(Turn turn, ImmutableArray<ItemBody> input)
{
    /// <summary>The turn as it stands.</summary>
    public Turn Turn { get; set; } = turn;

    /// <summary>The items that it brings; empty once it started, for then they are history.</summary>
    public ImmutableArray<ItemBody> Input { get; set; } = input;

    /// <summary>What it produced so far.</summary>
    public ImmutableArray<Item> Output { get; set; } = [];

    public TurnId Id => Turn.Id;
}
