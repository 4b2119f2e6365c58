using Npgsql;

namespace Conversations.Journal.Writing;

/// <summary>
/// Sends writes of different sessions together. A write that finds nothing under way goes at once; those that come while
/// others are under way wait for them and then share one round trip and one commit. So a group is as large as the load makes it, and
/// nobody waits for company. Sessions stay apart: each has its fence, and one that cannot be stored does not take others with it.
/// </summary>
/// <param name="source">The database.</param>
/// <param name="lanes">How many groups may be under way at once.</param>
internal sealed class WriteGroups(NpgsqlDataSource source, int lanes)
{
    private const int MostWrites = 128;

    private readonly Lock _lock = new();
    private readonly Queue<SessionWrite> _waiting = [];
    private int _underWay;

    /// <summary>Writes; the result is the new version, null if another writer was there first.</summary>
    public Task<int?> WriteAsync(SessionWrite write)
    {
        lock (_lock)
        {
            _waiting.Enqueue(write);
            if (_underWay == lanes) return write.Done;
            _underWay++;
        }

        // A thread of the pool, and not the grain's scheduler: the loop outlives this write, and the grain.
        ThreadPool.UnsafeQueueUserWorkItem(static groups => _ = groups.RunAsync(), this, preferLocal: false);
        return write.Done;
    }

    /// <summary>Sends the statement that the storage provider made, for this session alone.</summary>
    public async Task<int?> WriteAloneAsync(NpgsqlCommand command)
    {
        await using var connection = await source.OpenConnectionAsync().ConfigureAwait(false);
        command.Connection = connection;
        return await command.ExecuteScalarAsync().ConfigureAwait(false) as int?;
    }

    private async Task RunAsync()
    {
        while (Take() is { } group) await SendAsync(group);
    }

    private List<SessionWrite>? Take()
    {
        lock (_lock)
        {
            if (_waiting.Count == 0)
            {
                _underWay--;
                return null;
            }

            var group = new List<SessionWrite>(Math.Min(_waiting.Count, MostWrites));
            while (group.Count < MostWrites && _waiting.TryDequeue(out var write)) group.Add(write);
            return group;
        }
    }

    private async Task SendAsync(List<SessionWrite> group)
    {
        int?[] versions;
        try
        {
            versions = await WriteAsync(group);
        }
        catch (PostgresException) when (group.Count > 1)
        {
            // The database took none of them. Whose fault it was shows when each goes alone; to all others nothing has happened.
            await Task.WhenAll(group.Select(SendAloneAsync));
            return;
        }
        catch (Exception fault)
        {
            // Nobody knows whether it took them.
            foreach (var write in group) write.Fail(fault);
            return;
        }

        for (var i = 0; i < group.Count; i++) group[i].Succeed(versions[i]);
    }

    private async Task SendAloneAsync(SessionWrite write)
    {
        int? version;
        try
        {
            version = await WriteAloneAsync(write.Command);
        }
        catch (Exception fault)
        {
            write.Fail(fault);
            return;
        }

        write.Succeed(version);
    }

    private async Task<int?[]> WriteAsync(List<SessionWrite> group)
    {
        var heads = new HeadChange[group.Count];
        var turns = new List<TurnChange>(group.Count);
        var items = new List<ItemChange>(group.Count);
        for (var i = 0; i < group.Count; i++)
        {
            var change = group[i].Change;
            heads[i] = change.Head;
            foreach (var turn in change.Turns) turn.Head = i + 1;
            foreach (var item in change.Items) item.Head = i + 1;
            turns.AddRange(change.Turns);
            items.AddRange(change.Items);
        }

        await using var command = source.CreateCommand("select conversations.write_sessions($1, $2, $3)");
        command.Parameters.Add(Rows(heads, "head_change"));
        command.Parameters.Add(Rows(turns, "turn_change"));
        command.Parameters.Add(Rows(items, "item_change"));
        await using var reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        return await reader.GetFieldValueAsync<int?[]>(0);
    }

    private static NpgsqlParameter<IList<T>> Rows<T>(IList<T> rows, string type) =>
        new() { TypedValue = rows, DataTypeName = $"conversations.{type}[]" };
}
