namespace Conversations.Cluster.Tests.Sessions;

/// <summary>Silos with small bounds.</summary>
public sealed class BoundedCluster : SessionCluster
{
    public const int TurnsPerSilo = 4;
    public const int TurnsPerTenant = 3;
    public const int ToolCalls = 2;

    protected override Dictionary<string, string?> More() => new()
    {
        ["Sessions:TurnsPerSilo"] = $"{TurnsPerSilo}",
        ["Sessions:TurnsPerTenant"] = $"{TurnsPerTenant}",
        ["Sessions:ToolCalls"] = $"{ToolCalls}",
        ["Sessions:ModelIdleSeconds"] = "60",
        ["Sessions:GatherMilliseconds"] = "1000",
    };
}

[CollectionDefinition(Name)]
public sealed class BoundedGroup : ICollectionFixture<BoundedCluster>
{
    public const string Name = "bounded";
}
