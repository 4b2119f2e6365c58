using System.Collections.Immutable;
using Conversations.History;
using Conversations.Sessions;
using Conversations.Turns;

namespace Conversations.Journal.Reading;

/// <summary>Reads how sessions branch off one another.</summary>
public interface ILineageReader
{
    /// <summary>Looks up a place to fork at. Whether it may be forked there is not decided here.</summary>
    /// <param name="tenant">The tenant of both sessions.</param>
    /// <param name="from">The place.</param>
    /// <param name="window">How many of the items before it to read at least: more, if the summary that they go on from is further back.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="RefusalException">There is no such session, item or turn.</exception>
    Task<ForkOrigin> FindForkAsync(string tenant, ForkFrom from, int window, CancellationToken cancellationToken);

    /// <summary>The newest items before a place, inherited ones among them, in order; at most 8 MB of them.</summary>
    /// <param name="key">The session.</param>
    /// <param name="seq">The place.</param>
    /// <param name="limit">How many at the most.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<IReadOnlyList<Item>> ReadBeforeAsync(SessionKey key, long seq, int limit, CancellationToken cancellationToken);

    /// <summary>The session that owns an item of this session, an inherited one or its own.</summary>
    Task<string> FindOwnerAsync(SessionKey key, long seq, CancellationToken cancellationToken);

    /// <summary>The places from <paramref name="from"/> until before <paramref name="to"/> whose items were erased, inherited ones among them.</summary>
    Task<ImmutableArray<long>> FindErasedAsync(SessionKey key, long from, long to, CancellationToken cancellationToken);

    /// <summary>The sessions that begin with this item of the session <paramref name="owner"/>.</summary>
    Task<IReadOnlyList<SessionKey>> FindSharersAsync(string tenant, string owner, long seq, CancellationToken cancellationToken);
}

/// <summary>A place to fork at.</summary>
/// <param name="Parent">What the fork begins with.</param>
/// <param name="Turn">The turn whose item or end was named; null if none was.</param>
/// <param name="Window">The newest items before the place, in order.</param>
public sealed record ForkOrigin(Parent Parent, Turn? Turn, ImmutableArray<Item> Window)
{
    /// <summary>Whether the place lies between two items of one turn.</summary>
    public bool IsInsideTurn => Turn is { FirstSeq: { } first } && Parent.Seq > first && Parent.Seq < first + Turn.ItemCount;
}
