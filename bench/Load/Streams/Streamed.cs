namespace Conversations.Load.Streams;

/// <summary>A stream as its caller saw it.</summary>
/// <param name="First">How long after the request its first piece of text came.</param>
/// <param name="Tokens">How many pieces of text came.</param>
/// <param name="Lost">How many events were missing, twice there, or out of order, the last one included.</param>
/// <param name="LongestPause">The longest time between two pieces of text.</param>
internal sealed record Streamed(TimeSpan First, int Tokens, int Lost, TimeSpan LongestPause);
