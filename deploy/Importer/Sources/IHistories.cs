namespace Conversations.Importer.Sources;

/// <summary>Histories that LangChain wrote, read in pages: whatever their number and length, a few pages are in memory.</summary>
internal interface IHistories : IAsyncDisposable
{
    /// <summary>How many messages there are; null if that cannot be known without reading all of them.</summary>
    long? Messages { get; }

    /// <summary>What cannot be read as a history and is left out, each a sentence. Whole once all histories were read.</summary>
    IReadOnlyList<string> LeftOut { get; }

    /// <summary>What was met besides, and is no history; or null. Whole once all histories were read.</summary>
    string? Note { get; }

    /// <summary>Every session, one after the other. The messages of one are read before the next is asked for.</summary>
    IAsyncEnumerable<History> ReadAsync(CancellationToken cancellationToken);
}

/// <summary>One session of the source.</summary>
/// <param name="Id">The bytes of its id there.</param>
/// <param name="Messages">Its messages, oldest first.</param>
internal sealed record History(ReadOnlyMemory<byte> Id, IAsyncEnumerable<StoredMessage> Messages);
