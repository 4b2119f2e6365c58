namespace Conversations.Importer.Sessions;

/// <summary>The service does not take these items, however often they are sent.</summary>
internal sealed class RefusedException(string message) : Exception(message);
