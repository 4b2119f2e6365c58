using Conversations.History;
using Conversations.Sessions;
using Conversations.Turns;

namespace Conversations.Journal.Reading;

/// <summary>Derives a session's own stream, all turns of all callers, from what is on disk.</summary>
public interface ISessionEventReader
{
    /// <summary>Some of the events after a place, in order; those of a fork begin where it has items of its own.</summary>
    /// <returns>Null: no such session.</returns>
    Task<SessionEventPage?> ReadAsync(SessionKey key, SessionCursor after, CancellationToken cancellationToken);

    /// <summary>The place of the last event until now; null: no such session.</summary>
    Task<SessionCursor?> FindEndAsync(SessionKey key, CancellationToken cancellationToken);
}

/// <summary>Some events of a session's own stream.</summary>
/// <param name="Events">The events, in order.</param>
/// <param name="Version">The version up to which they are all.</param>
/// <param name="HasMore">Whether there are more on disk.</param>
/// <param name="Running">The turn that runs, and the number of its last journaled event; null: none, or there is more to read first.</param>
public sealed record SessionEventPage(
    IReadOnlyList<SessionEvent> Events, int Version, bool HasMore, (Turn Turn, int LastNumber)? Running);

/// <summary>One event of a session's own stream.</summary>
/// <param name="Cursor">Its place; null for what is live only.</param>
/// <param name="Turn">The turn that it belongs to.</param>
/// <param name="Event">The turn's event; null for an item that the turn was given.</param>
/// <param name="Given">The item that the turn was given, or null.</param>
/// <param name="HasResponse">Whether the turn calls a model; otherwise it only brings items.</param>
public sealed record SessionEvent(SessionCursor? Cursor, TurnId Turn, TurnEvent? Event, Item? Given = null, bool HasResponse = true);
