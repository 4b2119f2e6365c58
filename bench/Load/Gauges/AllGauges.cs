using System.Diagnostics;

namespace Conversations.Load.Gauges;

/// <summary>Everything that is read beside the turns themselves.</summary>
/// <param name="database">PostgreSQL, or null if nobody may ask it.</param>
/// <param name="processes">Processes whose processor time counts, by name.</param>
/// <param name="isServer">Whether this process serves the turns, so that what it allocates counts.</param>
internal sealed class AllGauges(DatabaseGauge? database, IReadOnlyDictionary<string, int> processes, bool isServer) : IAsyncDisposable
{
    public async Task<Reading> ReadAsync(CancellationToken stop)
    {
        (decimal Wal, long Transactions, long? Statements)? counted = database is null ? null : await database.ReadAsync(stop);
        var processors = processes.ToDictionary(process => process.Key, process => ProcessorTime.Of(process.Value));
        processors["own"] = Environment.CpuUsage.TotalTime;
        return new Reading
        {
            At = Stopwatch.GetTimestamp(),
            Wal = counted?.Wal,
            Transactions = counted?.Transactions,
            Statements = counted?.Statements,
            Allocated = isServer ? GC.GetTotalAllocatedBytes() : null,
            Processors = processors,
        };
    }

    public async ValueTask DisposeAsync()
    {
        if (database is not null) await database.DisposeAsync();
    }
}
