namespace Conversations.Launcher;

/// <summary>Something that the person at the keyboard can mend; the message is fit to be shown alone.</summary>
/// <param name="message">What is wrong and what to do.</param>
/// <param name="inner">What caused it, if something did.</param>
public sealed class LauncherException(string message, Exception? inner = null) : Exception(message, inner);
