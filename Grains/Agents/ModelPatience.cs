using Conversations.Grains.Sessions;

namespace Conversations.Grains.Agents;

/// <summary>How long a model is waited for.</summary>
/// <param name="First">For its first sign of life.</param>
/// <param name="Idle">Between two of them.</param>
/// <param name="Until">In all: no try begins that could not end before.</param>
/// <param name="Time">The clock.</param>
internal sealed record ModelPatience(TimeSpan First, TimeSpan Idle, DateTimeOffset Until, TimeProvider Time)
{
    /// <summary>As the agent has it, else the silo.</summary>
    public static ModelPatience Of(Agent agent, SessionOptions bounds, TimeProvider time) => new(
        TimeSpan.FromSeconds(agent.Options.FirstTokenSeconds ?? bounds.ModelIdleSeconds),
        TimeSpan.FromSeconds(agent.Options.IdleSeconds ?? bounds.ModelIdleSeconds),
        time.GetUtcNow().AddSeconds(bounds.TurnDeadlineSeconds),
        time);
}
