using System.Collections;
using Conversations.Sessions;
using Conversations.Turns;

namespace Conversations.Grains.Diagnostics;

/// <summary>What every log line about a session carries. Most calls write no line: what costs something is done for those that do.</summary>
internal sealed class SessionScope(string silo, string grainKey, TurnId? turn, string? requestId, string? user)
    : IReadOnlyList<KeyValuePair<string, object?>>
{
    public int Count => 6;

    public KeyValuePair<string, object?> this[int index] => index switch
    {
        0 => new("silo", silo),
        1 => new("tenant", SessionKey.Parse(grainKey).Tenant),
        2 => new("session", SessionKey.Parse(grainKey).Id),
        3 => new("turn", turn?.ToString()),
        4 => new("request_id", requestId),
        5 => new("user", user),
        _ => throw new ArgumentOutOfRangeException(nameof(index)),
    };

    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator()
    {
        for (var i = 0; i < Count; i++) yield return this[i];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public override string ToString() => grainKey;
}
