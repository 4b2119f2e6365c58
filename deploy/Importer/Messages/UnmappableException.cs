namespace Conversations.Importer.Messages;

/// <summary>Why a message cannot become items, as the end of a sentence.</summary>
internal sealed class UnmappableException(string reason) : Exception(reason);
