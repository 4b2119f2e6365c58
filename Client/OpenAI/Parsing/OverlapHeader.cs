using System.Globalization;
using Conversations.Client.OpenAI.Errors;
using Conversations.Turns;

namespace Conversations.Client.OpenAI.Parsing;

/// <summary>Reads <c>X-Overlap-Policy: enqueue|reject|interrupt|rollback|merge|latest|debounce;ms=800</c>.</summary>
internal static class OverlapHeader
{
    public const string Name = "X-Overlap-Policy";

    private const int MaxDelayMs = 600_000;

    public static OverlapPolicy? Read(string? header)
    {
        if (string.IsNullOrWhiteSpace(header)) return null;
        var parts = header.Split(';', StringSplitOptions.TrimEntries);
        var kind = parts[0] switch
        {
            "enqueue" => OverlapKind.Enqueue,
            "reject" => OverlapKind.Reject,
            "interrupt" => OverlapKind.Interrupt,
            "rollback" => OverlapKind.Rollback,
            "latest" => OverlapKind.Latest,
            "merge" => OverlapKind.Merge,
            "debounce" => OverlapKind.Debounce,
            _ => throw Refused("must be one of: enqueue, reject, interrupt, rollback, latest, merge, debounce;ms=N"),
        };
        return parts.Length switch
        {
            1 => new OverlapPolicy(kind),
            2 when kind == OverlapKind.Debounce && parts[1].StartsWith("ms=", StringComparison.Ordinal)
                && int.TryParse(parts[1].AsSpan(3), NumberStyles.None, CultureInfo.InvariantCulture, out var ms) && ms <= MaxDelayMs =>
                new OverlapPolicy(kind, TimeSpan.FromMilliseconds(ms)),
            _ => throw Refused($"takes ';ms=N' after debounce, with N up to {MaxDelayMs}, and nothing else"),
        };
    }

    private static DialectException Refused(string rule) => new(400, "invalid_value", $"The header {Name} {rule}.", Name);
}
