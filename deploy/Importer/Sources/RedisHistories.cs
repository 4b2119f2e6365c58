using System.Runtime.CompilerServices;
using System.Text;
using StackExchange.Redis;

namespace Conversations.Importer.Sources;

/// <summary>LangChain's lists: one for each session, the newest message at the head.</summary>
internal sealed class RedisHistories(IConnectionMultiplexer redis, string prefix) : IHistories
{
    private const int PageKeys = 1000;
    private const int PageMessages = 100;

    private readonly IDatabase _database = redis.GetDatabase();
    private readonly List<string> _broken = [];
    private long _others;

    /// <inheritdoc/>
    public long? Messages => null;

    /// <inheritdoc/>
    public IReadOnlyList<string> LeftOut => _broken;

    /// <inheritdoc/>
    public string? Note => _others == 0 ? null : $"keys that begin with '{prefix}' and are no lists: {_others}";

    public static async Task<RedisHistories> OpenAsync(string connection, string prefix)
    {
        var options = RedisAddress.Read(connection);
        options.AbortOnConnectFail = true;
        return new RedisHistories(await ConnectionMultiplexer.ConnectAsync(options), prefix);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<History> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var prefixBytes = Encoding.UTF8.GetByteCount(prefix);
        foreach (var server in redis.GetServers().Where(server => !server.IsReplica))
        {
            // SCAN may name a key twice; then its second reading finds that everything is there.
            await foreach (var key in server.KeysAsync(_database.Database, $"{Literal(prefix)}*", PageKeys).WithCancellation(cancellationToken))
            {
                if (await _database.KeyTypeAsync(key) != RedisType.List) _others++;
                else yield return new History(((byte[])key!).AsMemory(prefixBytes), MessagesAsync(key, cancellationToken));
            }
        }
    }

    public ValueTask DisposeAsync() => redis.DisposeAsync();

    // Counted from the tail: what is pushed meanwhile moves nothing.
    private async IAsyncEnumerable<StoredMessage> MessagesAsync(RedisKey key, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var length = await _database.ListLengthAsync(key);
        for (var position = 0L; position < length;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var page = await _database.ListRangeAsync(key, -(position + PageMessages), -(position + 1));
            if (page.Length == 0)
            {
                _broken.Add($"The list '{key}' went away while it was read, after {position} of {length} messages.");
                yield break;
            }

            foreach (var message in page.Reverse())
            {
                yield return new StoredMessage(position, $"index {-1 - position}", message.ToString());
                position++;
            }
        }
    }

    private static string Literal(string text) =>
        text.Aggregate(new StringBuilder(), (pattern, c) => (c is '*' or '?' or '[' or ']' or '\\' or '^' ? pattern.Append('\\') : pattern).Append(c)).ToString();
}
