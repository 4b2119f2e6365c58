namespace Conversations.Chaos.Rounds;

/// <summary>One fault that happened.</summary>
/// <param name="Fault">Its name.</param>
/// <param name="Detail">What exactly.</param>
/// <param name="Began">When, by the history's clock.</param>
/// <param name="Ended">When all it had ended ran again.</param>
internal sealed record Strike(string Fault, string Detail, long Began, long Ended);
