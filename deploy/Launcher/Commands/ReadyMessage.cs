using Conversations.Launcher.Clusters;

namespace Conversations.Launcher.Commands;

/// <summary>What <c>deploy/up</c> says when everything serves. The first line is enough to go on.</summary>
internal static class ReadyMessage
{
    public static IEnumerable<string> Lines(LocalCluster cluster, string environment)
    {
        var development = environment.Equals("Development", StringComparison.OrdinalIgnoreCase);
        yield return Ready(cluster.GatewayEndpoints[0].Http, development ? "dev-key" : "YOUR-KEY");
        foreach (var gateway in cluster.GatewayEndpoints)
            yield return $"Gateway:   {Text(gateway.Http)}  gRPC: {Text(gateway.Grpc)}";
        yield return $"Dashboard: {Text(cluster.Silos[0].AdminUrl)}/dashboard{(development ? "  (any user name, password dev-admin)" : "")}";
        yield return $"Processes: {cluster.FilePath}  Logs: {cluster.LogDirectory}";
        yield return "Ctrl-C ends all of it; the data stays.";
    }

    /// <summary>The one line: URL, key, and a first request to paste.</summary>
    internal static string Ready(Uri http, string key) =>
        $$"""Ready: {{Text(http)}}  key: {{key}}  try: curl -s {{Text(http)}}/v1/responses -H "Authorization: Bearer {{key}}" -H "Content-Type: application/json" -d '{"conversation":"sam","input":"My name is Sam."}'""";

    private static string Text(Uri url) => url.GetLeftPart(UriPartial.Authority);
}
