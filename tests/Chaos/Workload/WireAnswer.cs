using System.Text.Json.Nodes;
using Conversations.Checker.Evidence;

namespace Conversations.Chaos.Workload;

/// <summary>What a gateway said.</summary>
/// <param name="Status">The HTTP status; 0 if none came.</param>
/// <param name="Body">The JSON, if it was some.</param>
internal sealed record WireAnswer(int Status, JsonObject? Body)
{
    public bool IsOk => Status is >= 200 and < 300 && Body is not null;

    /// <summary>The caller's own fault, for good.</summary>
    public bool IsRefusal => Status is >= 400 and < 500;

    /// <summary>Nobody can say whether it happened.</summary>
    public bool IsUnknown => !IsOk && !IsRefusal;

    public string Why => Status == 0 ? "no answer" : $"{Status} {(string?)Body?["error"]?["code"]}";

    public Outcome Outcome => IsOk ? Outcome.Ok : IsRefusal ? Outcome.Refused : Outcome.Unknown;
}
