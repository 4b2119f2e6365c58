namespace Conversations.Importer.Sources;

/// <summary>One message as LangChain stored it.</summary>
/// <param name="Position">Its place in its session, from 0.</param>
/// <param name="Place">Where it is in the source, for people: <c>row 17</c>.</param>
/// <param name="Json">The message, as it is stored.</param>
internal sealed record StoredMessage(long Position, string Place, string Json);
