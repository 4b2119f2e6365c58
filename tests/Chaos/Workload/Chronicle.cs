using System.Diagnostics;
using Conversations.Checker.Evidence;

namespace Conversations.Chaos.Workload;

/// <summary>What all callers asked for, in one list under one clock. Thread-safe.</summary>
internal sealed class Chronicle
{
    private readonly Lock _gate = new();
    private readonly List<Operation> _operations = [];

    /// <summary>The clock's ticks in a second.</summary>
    public static long Second => Stopwatch.Frequency;

    /// <summary>Now.</summary>
    public static long Now => Stopwatch.GetTimestamp();

    public IReadOnlyList<Operation> Operations
    {
        get
        {
            lock (_gate) return [.. _operations];
        }
    }

    public T Add<T>(T operation)
        where T : Operation
    {
        lock (_gate) _operations.Add(operation);
        return operation;
    }
}
