namespace Conversations.Chaos.Rounds;

/// <summary>One fault that happened.</summary>
/// <param name="Fault">Its name.</param>
/// <param name="Detail">What exactly.</param>
/// <param name="Began">When, by the history's clock.</param>
/// <param name="Ended">When all it had ended ran again.</param>
/// <param name="GivenUp">Silos that the others gave up meanwhile.</param>
/// <param name="FalselyGivenUp">Those of them that lived, and could be reached, all the time.</param>
internal sealed record Strike(string Fault, string Detail, long Began, long Ended, int GivenUp, int FalselyGivenUp);
