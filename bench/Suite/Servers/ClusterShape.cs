namespace Conversations.Suite.Servers;

/// <summary>Which processes a cluster has.</summary>
/// <param name="Silos">How many silos.</param>
/// <param name="Mounted">Whether the gateway is in the silos; otherwise it is one process.</param>
internal sealed record ClusterShape(int Silos, bool Mounted)
{
    /// <summary>Further settings of the silos, as environment variables.</summary>
    public IReadOnlyDictionary<string, string?> SiloVariables { get; init; } = new Dictionary<string, string?>();
}
