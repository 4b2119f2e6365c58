using Conversations.Journal.Rows;
using Orleans.Storage;

namespace Conversations.Grains.Sessions;

/// <summary>
/// What the storage provider of sessions reads and writes: out goes only what the flush under way took, in comes what an activation
/// needs. The SQL behind the provider appends the one and assembles the other.
/// </summary>
internal sealed class SessionSerializer : IGrainStorageSerializer
{
    public BinaryData Serialize<T>(T? input) => input is SessionState state
        ? BinaryData.FromBytes(JournalJson.Write(state.Flushing))
        : throw new NotSupportedException($"The storage of sessions holds no {typeof(T).Name}.");

    public T Deserialize<T>(BinaryData input) => SessionState.From(JournalJson.ReadSnapshot(input.ToMemory().Span)) is T state
        ? state
        : throw new NotSupportedException($"The storage of sessions holds no {typeof(T).Name}.");
}
