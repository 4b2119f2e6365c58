namespace Conversations.Sessions;

/// <summary>
/// What a caller saw of a session's name before it first sent a wish. A try that was given up may be carried out much later, in a silo that
/// was asleep; by this the session knows that others have changed since what the wish was about, and leaves it as it is.
/// </summary>
/// <param name="Version">The head's version, also of a deleted session's; 0: there was none yet.</param>
/// <param name="Revision">How often this life's metadata had been replaced.</param>
[GenerateSerializer, Immutable, Alias("conversations.SessionMark")]
public sealed record SessionMark([property: Id(0)] int Version, [property: Id(1)] int Revision);
