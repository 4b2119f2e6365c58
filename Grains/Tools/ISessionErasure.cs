using Conversations.Sessions;

namespace Conversations.Grains.Tools;

/// <summary>Something beside the journal that holds content of sessions, and must let go of it with them.</summary>
public interface ISessionErasure
{
    /// <summary>Erases what there is of the session; may be called again.</summary>
    Task EraseAsync(SessionKey session);
}
