namespace Conversations.Grains.Agents;

/// <summary>How long a model is waited for.</summary>
/// <param name="First">For its first sign of life.</param>
/// <param name="Idle">Between two of them.</param>
/// <param name="Until">In all: no try begins that could not end before.</param>
/// <param name="Time">The clock.</param>
internal sealed record ModelPatience(TimeSpan First, TimeSpan Idle, DateTimeOffset Until, TimeProvider Time);
