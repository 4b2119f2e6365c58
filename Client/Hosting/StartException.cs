namespace Conversations.Client.Hosting;

/// <summary>The process cannot start; the message is one sentence that says why, and what to do.</summary>
/// <param name="message">The sentence.</param>
/// <param name="inner">What led to it, if something did.</param>
public sealed class StartException(string message, Exception? inner = null) : Exception(message, inner);
