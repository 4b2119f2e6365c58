using Npgsql;

namespace Conversations.Journal.Writing;

/// <summary>A write that waits for its turn.</summary>
/// <param name="command">The statement that the storage provider would send, which writes this session alone.</param>
/// <param name="change">What it writes.</param>
internal sealed class SessionWrite(NpgsqlCommand command, SessionChange change)
{
    // What follows is the storage provider's own few steps, before it comes back to the grain's scheduler: it may run at once.
    private readonly TaskCompletionSource<int?> _done = new();

    public NpgsqlCommand Command => command;

    public SessionChange Change => change;

    /// <summary>The new version; null: another writer was there first.</summary>
    public Task<int?> Done => _done.Task;

    public void Succeed(int? version) => _done.SetResult(version);

    public void Fail(Exception fault) => _done.SetException(fault);
}
