using System.Collections;
using Conversations.Client.OpenAI.Parsing;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace Conversations.Unit.Tests.Client.OpenAI.Reference;

/// <summary>What an endpoint asks of a request: members of the body, of the query, headers.</summary>
internal sealed class RequestReads
{
    // What every request is asked for, by whoever stands before the endpoints, and what opens a WebSocket.
    private static readonly HashSet<string> Everybodys = new(StringComparer.OrdinalIgnoreCase)
    {
        "Authorization", "Content-Type", "Content-Length", "Content-Encoding", "X-Request-Id", "Connection", "Upgrade", "Sec-WebSocket-Key", "Sec-WebSocket-Version",
    };

    private readonly MembersRead _body = new();

    public IReadOnlySet<string> Body => _body.Paths;

    public HashSet<string> Query { get; } = [];

    public HashSet<string> Headers { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Notes what is asked of this request.</summary>
    public void Of(HttpContext http)
    {
        http.Features.Set(_body);
        http.Features.Set<IQueryFeature>(new QueryFeature(new NotedQuery(http.Request.Query, Query)));
        var request = http.Features.GetRequiredFeature<IHttpRequestFeature>();
        request.Headers = new NotedHeaders(request.Headers, name =>
        {
            if (!Everybodys.Contains(name)) Headers.Add(name);
        });
    }

    private sealed class NotedQuery(IQueryCollection query, HashSet<string> asked) : IQueryCollection
    {
        public int Count => query.Count;

        public ICollection<string> Keys => query.Keys;

        public StringValues this[string key]
        {
            get
            {
                asked.Add(key);
                return query[key];
            }
        }

        public bool ContainsKey(string key)
        {
            asked.Add(key);
            return query.ContainsKey(key);
        }

        public bool TryGetValue(string key, out StringValues value)
        {
            asked.Add(key);
            return query.TryGetValue(key, out value);
        }

        // Only filters, which have names of the caller's own, are looked for among all.
        public IEnumerator<KeyValuePair<string, StringValues>> GetEnumerator()
        {
            asked.Add("metadata");
            return query.GetEnumerator();
        }

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }

    private sealed class NotedHeaders(IHeaderDictionary headers, Action<string> asked) : IHeaderDictionary
    {
        public long? ContentLength
        {
            get => headers.ContentLength;
            set => headers.ContentLength = value;
        }

        public ICollection<string> Keys => headers.Keys;

        public ICollection<StringValues> Values => headers.Values;

        public int Count => headers.Count;

        public bool IsReadOnly => headers.IsReadOnly;

        public StringValues this[string key]
        {
            get
            {
                asked(key);
                return headers[key];
            }
            set => headers[key] = value;
        }

        public bool TryGetValue(string key, out StringValues value)
        {
            asked(key);
            return headers.TryGetValue(key, out value);
        }

        public bool ContainsKey(string key)
        {
            asked(key);
            return headers.ContainsKey(key);
        }

        public void Add(string key, StringValues value) => headers.Append(key, value);

        public void Add(KeyValuePair<string, StringValues> item) => headers.Add(item);

        public void Clear() => headers.Clear();

        public bool Contains(KeyValuePair<string, StringValues> item) => headers.Contains(item);

        public void CopyTo(KeyValuePair<string, StringValues>[] array, int arrayIndex) => headers.CopyTo(array, arrayIndex);

        public bool Remove(string key) => headers.Remove(key);

        public bool Remove(KeyValuePair<string, StringValues> item) => headers.Remove(item);

        public IEnumerator<KeyValuePair<string, StringValues>> GetEnumerator() => headers.GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => headers.GetEnumerator();
    }
}
