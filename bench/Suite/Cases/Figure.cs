using Conversations.Load.Reports;

namespace Conversations.Suite.Cases;

/// <summary>The names of figures, with their units.</summary>
internal static class Figure
{
    public const string Rate = "turns/s";
    public const string P50 = "p50 ms";
    public const string P95 = "p95 ms";
    public const string P99 = "p99 ms";
    public const string Wal = "WAL bytes/turn";
    public const string Statements = "statements/turn";
    public const string Allocated = "allocated bytes/turn";

    /// <summary>Those of turns.</summary>
    public static Dictionary<string, double> Of(Figures figures)
    {
        var all = new Dictionary<string, double>
        {
            [Rate] = figures.TurnsPerSecond,
            [P50] = figures.P50,
            [P95] = figures.P95,
            [P99] = figures.P99,
        };
        Add(Wal, figures.WalBytes);
        Add(Statements, figures.Statements);
        Add(Allocated, figures.AllocatedBytes);
        foreach (var (process, milliseconds) in figures.Processors) all[$"{(process == "own" ? "driver" : process)} CPU ms/turn"] = milliseconds;
        return all;

        void Add(string name, double? value)
        {
            if (value is { } known) all[name] = known;
        }
    }
}
