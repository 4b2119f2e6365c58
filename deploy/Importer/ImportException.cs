namespace Conversations.Importer;

/// <summary>Why the command breaks off, as one sentence for the person who ran it.</summary>
internal sealed class ImportException(string message, Exception? inner = null) : Exception(message, inner);
