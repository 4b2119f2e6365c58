namespace Conversations.Load;

/// <summary>A turn came to no good end: there is nothing to be measured.</summary>
/// <param name="message">What came in the answer's place.</param>
internal sealed class TurnException(string message) : Exception(message);
