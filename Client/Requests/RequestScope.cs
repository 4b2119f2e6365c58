using System.Collections;

namespace Conversations.Client.Requests;

/// <summary>What every log line of one request carries; it fills as the request is understood. Names and ids alone, never what people wrote.</summary>
internal sealed class RequestScope(string gateway, string requestId) : IReadOnlyList<KeyValuePair<string, object?>>
{
    public string RequestId { get; } = requestId;

    public string? Tenant { get; set; }

    public string? Session { get; set; }

    public string? Turn { get; set; }

    public string? User { get; set; }

    public string? Silo { get; set; }

    public int Count => Entries().Count();

    public KeyValuePair<string, object?> this[int index] => Entries().ElementAt(index);

    /// <summary>The scope of the current request; null outside of one.</summary>
    public static RequestScope? Of(HttpContext context) => context.Features.Get<RequestScope>();

    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator() => Entries().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public override string ToString() => RequestId;

    private IEnumerable<KeyValuePair<string, object?>> Entries()
    {
        yield return new("request_id", RequestId);
        yield return new("gateway", gateway);
        if (Tenant is not null) yield return new("tenant", Tenant);
        if (Session is not null) yield return new("session", Session);
        if (Turn is not null) yield return new("turn", Turn);
        if (User is not null) yield return new("user", User);
        if (Silo is not null) yield return new("silo", Silo);
    }
}
