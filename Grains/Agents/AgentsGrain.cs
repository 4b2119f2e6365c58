using System.Collections.Immutable;
using Conversations.Agents;
using Orleans.Concurrency;

namespace Conversations.Grains.Agents;

/// <inheritdoc cref="IAgentsGrain"/>
[StatelessWorker, GrainType("agents")]
internal sealed class AgentsGrain(AgentCatalog agents) : Grain, IAgentsGrain
{
    public Task<ImmutableArray<string>> ListAsync() => Task.FromResult<ImmutableArray<string>>([.. agents.Names]);
}
