using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Conversations.Importer.Sessions;

/// <summary>
/// Brings a conversation to hold given items: those that it has are compared, those that it lacks are appended, each batch only to exactly
/// as many as were compared. So it can be broken off anywhere and begun again, also by two at once, and every item is there once.
/// </summary>
internal sealed class SessionImport(ConversationsApi api, string conversation, bool isDryRun)
{
    private const int BatchItems = 20;
    private const int BatchLength = 256 * 1024;

    private readonly Queue<JsonNode?> _there = new();
    private readonly JsonArray _batch = [];
    private bool _isComparing = true;
    private bool _hasMore = true;
    private string? _last;
    private long _seq;
    private long _batchLength;

    /// <summary>How many items were appended, or would be.</summary>
    public long Appended { get; private set; }

    /// <summary>Has an item be the next.</summary>
    /// <returns>Null, or why the rest is to be left alone.</returns>
    /// <exception cref="RefusedException">The service does not take it.</exception>
    public async Task<Outcome?> AddAsync(JsonObject item, CancellationToken cancellationToken)
    {
        if (_isComparing && await NextAsync(cancellationToken) is { } there)
        {
            if (!SameItem.Holds(item, there)) return Outcome.Differs;
            _seq++;
            return null;
        }

        _isComparing = false;
        var length = item.ToJsonString().Length;
        if (_batch.Count > 0 && _batchLength + length > BatchLength && await AppendAsync(cancellationToken) is { } outcome) return outcome;
        _batch.Add(item);
        _batchLength += length;
        return _batch.Count < BatchItems ? null : await AppendAsync(cancellationToken);
    }

    /// <summary>No further item follows.</summary>
    public async Task<Outcome> EndAsync(CancellationToken cancellationToken)
    {
        if (_isComparing) return await NextAsync(cancellationToken) is not null ? Outcome.MovedOn : _seq > 0 ? Outcome.Unchanged : Outcome.Nothing;
        return await AppendAsync(cancellationToken) ?? Outcome.Imported;
    }

    private async Task<Outcome?> AppendAsync(CancellationToken cancellationToken)
    {
        while (_batch.Count > 0)
        {
            var last = isDryRun ? "" : await api.AppendAsync(conversation, _batch, _seq, KeyOf(_seq), cancellationToken);
            if (last is null)
            {
                // Somebody was there meanwhile: an append of an import that was killed, another import, or a person.
                if (!await TakeFromBatchAsync(cancellationToken)) return Outcome.InUse;
                continue;
            }

            _last = last;
            _seq += _batch.Count;
            Appended += _batch.Count;
            _batch.Clear();
        }

        _batchLength = 0;
        return null;
    }

    // Whether what is there now is the beginning of the batch.
    private async Task<bool> TakeFromBatchAsync(CancellationToken cancellationToken)
    {
        _hasMore = true;
        var before = _seq;
        for (; _batch.Count > 0 && await NextAsync(cancellationToken) is { } there; _seq++)
        {
            if (!SameItem.Holds(_batch[0], there)) return false;
            _batch.RemoveAt(0);
        }

        _there.Clear();
        return _seq > before;
    }

    private async Task<JsonNode?> NextAsync(CancellationToken cancellationToken)
    {
        if (_there.Count == 0 && _hasMore)
        {
            (var items, _hasMore) = await api.ItemsAsync(conversation, _last, cancellationToken);
            foreach (var item in items) _there.Enqueue(item);
        }

        if (!_there.TryDequeue(out var next)) return null;
        _last = (string?)next!["id"];
        return next;
    }

    // The same items at the same place are the same append, whoever sends it and however often.
    private string KeyOf(long seq)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{conversation}\n{seq}\n{_batch.ToJsonString()}"));
        return $"import-{Convert.ToHexStringLower(hash.AsSpan(..16))}";
    }
}
