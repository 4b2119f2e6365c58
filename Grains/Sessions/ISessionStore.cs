namespace Conversations.Grains.Sessions;

/// <summary>What a session needs of its activation.</summary>
internal interface ISessionStore
{
    /// <summary>The version of the head on disk; 0: there is none.</summary>
    int Version { get; }

    /// <summary>Writes what the flush under way took; one round trip.</summary>
    Task WriteAsync();

    /// <summary>Erases the session.</summary>
    Task ClearAsync();

    /// <summary>Ends the activation, so that the next one loads what is true.</summary>
    void Deactivate(string reason);

    /// <summary>Whether the activation stays although nobody calls.</summary>
    void KeepAlive(bool on);
}
