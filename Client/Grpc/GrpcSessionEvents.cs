using Conversations.Journal.Reading;
using Conversations.Sessions;
using Conversations.Turns;

namespace Conversations.Client.Grpc;

/// <summary>Writes a session's own stream as the wire has it.</summary>
internal sealed class GrpcSessionEvents(SessionKey session)
{
    private readonly Dictionary<TurnId, GrpcEvents> _turns = [];

    /// <summary>The next event.</summary>
    public V1.SessionEvent Write(SessionEvent e)
    {
        var written = new V1.SessionEvent { Place = e.Cursor?.ToString() ?? "", TurnId = e.Turn.ToString() };
        if (e.Given is { } given)
        {
            written.Given = GrpcItems.Write(given);
            return written;
        }

        if (!_turns.TryGetValue(e.Turn, out var turn)) _turns.Add(e.Turn, turn = new GrpcEvents(session, []));
        written.Event = turn.Write(e.Event!);
        if (e.Event is TurnEnded) _turns.Remove(e.Turn);
        return written;
    }
}
