namespace Conversations.Cluster.Tests.Costs;

/// <summary>Tests beside which no others run, because they look at the whole process.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
