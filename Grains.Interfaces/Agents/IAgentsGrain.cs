using System.Collections.Immutable;

namespace Conversations.Agents;

/// <summary>What agents there are. Its key is 0; every silo answers for itself.</summary>
[Alias("conversations.IAgentsGrain")]
public interface IAgentsGrain : IGrainWithIntegerKey
{
    /// <summary>The names of the agents, in order.</summary>
    [ResponseTimeout("00:00:10"), Alias("List")]
    Task<ImmutableArray<string>> ListAsync();
}
