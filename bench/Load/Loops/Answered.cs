namespace Conversations.Load.Loops;

/// <summary>A turn that was answered; in ticks of the stopwatch.</summary>
/// <param name="At">When.</param>
/// <param name="Took">How long after it was meant to start.</param>
internal readonly record struct Answered(long At, long Took);
