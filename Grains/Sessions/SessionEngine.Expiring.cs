using Conversations.Sessions;

namespace Conversations.Grains.Sessions;

/// <summary>The part of the engine that knows whose a session is, and when it has had its time.</summary>
internal sealed partial class SessionEngine
{
    /// <summary>Whether there is such a session for whoever knows its name.</summary>
    private bool IsThere => _state is { Exists: true, IsPrivate: false };

    /// <summary>Erases the session if it has had its time.</summary>
    /// <param name="version">The head's version when nobody had used it for long; null: its only caller lets go of it.</param>
    public async Task<bool> ExpireAsync(int? version)
    {
        ThrowIfClosing();
        var isDue = version is { } seen
            ? _state.Lifetime != SessionLifetime.Kept && _state.Unfinished.Count == 0 && !_state.IsDirty && _store.Version == seen
            : _state.IsPrivate;
        if (!_state.Exists || !isDue) return false;
        LogExpired();
        await EraseAsync();
        return true;
    }
}
