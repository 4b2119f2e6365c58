using System.Globalization;

namespace Conversations.Turns;

/// <summary>What to do with a request that comes while a turn is unfinished.</summary>
/// <param name="Kind">The policy.</param>
/// <param name="Delay">For <see cref="OverlapKind.Debounce"/>: how long to wait for more; null: <see cref="DefaultDelay"/>.</param>
[GenerateSerializer, Immutable, Alias("conversations.OverlapPolicy")]
public readonly record struct OverlapPolicy([property: Id(0)] OverlapKind Kind, [property: Id(1)] TimeSpan? Delay = null)
{
    /// <summary>The longest delay, in milliseconds.</summary>
    public const int MaxDelayMs = 600_000;

    /// <summary>The key of a session's metadata that holds its default policy.</summary>
    public const string MetadataKey = "overlap_policy";

    /// <summary>How a policy is written, fit to be shown to a caller.</summary>
    public const string Rule = "one of: enqueue, reject, interrupt, rollback, latest, merge, debounce, debounce;ms=N with N up to 600000";

    /// <summary>How long <see cref="OverlapKind.Debounce"/> waits if nobody says: 800 ms.</summary>
    public static readonly TimeSpan DefaultDelay = TimeSpan.FromMilliseconds(800);

    /// <summary>Reads what <see cref="Rule"/> describes.</summary>
    public static bool TryParse(string? text, out OverlapPolicy policy)
    {
        policy = default;
        var parts = (text ?? "").Split(';', StringSplitOptions.TrimEntries);
        if (KindOf(parts[0].ToLowerInvariant()) is not { } kind) return false;
        TimeSpan? delay = null;
        if (parts.Length > 1)
        {
            if (parts.Length > 2 || kind != OverlapKind.Debounce || !parts[1].StartsWith("ms=", StringComparison.Ordinal)
                || !int.TryParse(parts[1].AsSpan(3), NumberStyles.None, CultureInfo.InvariantCulture, out var ms) || ms > MaxDelayMs)
            {
                return false;
            }

            delay = TimeSpan.FromMilliseconds(ms);
        }

        policy = new OverlapPolicy(kind, delay);
        return true;
    }

    private static OverlapKind? KindOf(string name) => name switch
    {
        "enqueue" => OverlapKind.Enqueue,
        "reject" => OverlapKind.Reject,
        "interrupt" => OverlapKind.Interrupt,
        "rollback" => OverlapKind.Rollback,
        "latest" => OverlapKind.Latest,
        "merge" => OverlapKind.Merge,
        "debounce" => OverlapKind.Debounce,
        _ => null,
    };
}

/// <summary>The overlap policies.</summary>
public enum OverlapKind
{
    /// <summary>Wait in line, first in, first out.</summary>
    Enqueue = 0,

    /// <summary>Refuse.</summary>
    Reject = 1,

    /// <summary>Cancel what runs, keep what it produced, and go on with the new one.</summary>
    Interrupt = 2,

    /// <summary>Cancel what runs, hide what it produced, and go on with the new one.</summary>
    Rollback = 3,

    /// <summary>Drop what waits; the newest runs after the current one.</summary>
    Latest = 4,

    /// <summary>Join the input to the newest waiting turn.</summary>
    Merge = 5,

    /// <summary>As <see cref="Merge"/>, and wait until nothing came for a while.</summary>
    Debounce = 6,
}
