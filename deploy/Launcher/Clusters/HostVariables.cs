using System.Globalization;
using Conversations.Launcher.Hosts;
using Conversations.Launcher.Ports;

namespace Conversations.Launcher.Clusters;

/// <summary>The configuration of the hosts, as environment variables: the one place that knows their names.</summary>
/// <param name="Options">The cluster.</param>
/// <param name="ConnectionStrings">The hosts' connection strings, in the order of the databases.</param>
/// <param name="ClusterId">Orleans' cluster id.</param>
internal sealed record HostVariables(LocalClusterOptions Options, IReadOnlyList<string> ConnectionStrings, string ClusterId)
{
    // They would have a host listen where nobody asked for it: container images of .NET set some of them.
    private static readonly string[] Misleading =
    [
        "ASPNETCORE_URLS", "ASPNETCORE_HTTP_PORTS", "ASPNETCORE_HTTPS_PORTS", "DOTNET_URLS", "DOTNET_HTTP_PORTS", "DOTNET_HTTPS_PORTS",
        "URLS", "HTTP_PORTS", "HTTPS_PORTS",
        "ConnectionStrings__Migrate", "ConnectionStrings__Migrate__0", "ConnectionStrings__Conversations", "ConnectionStrings__Conversations__0",
    ];

    /// <summary>Those of a silo.</summary>
    public Dictionary<string, string?> OfSilo(string name, SiloPorts ports)
    {
        var variables = Common(name);
        variables["Silo__Name"] = name;
        variables["Silo__Port"] = Text(ports.Silo);
        variables["Silo__GatewayPort"] = Text(ports.Client);
        variables["Silo__AdvertisedAddress"] = "127.0.0.1";
        variables["Silo__MountGateway"] = ports.Gateway is null ? "false" : "true";
        variables["Kestrel__Endpoints__Admin__Url"] = Url(ports.Admin);
        if (ports.Gateway is { } gateway)
            AddGateway(variables, name, gateway);
        return Finish(variables, name);
    }

    /// <summary>Those of a gateway process.</summary>
    public Dictionary<string, string?> OfGateway(string name, PortPair ports)
    {
        var variables = Common(name);
        AddGateway(variables, name, ports);
        return Finish(variables, name);
    }

    private static void AddGateway(Dictionary<string, string?> variables, string name, PortPair ports)
    {
        variables["Gateway__Name"] = name;
        variables["Kestrel__Endpoints__Http__Url"] = Url(ports.Http);
        variables["Kestrel__Endpoints__Grpc__Url"] = Url(ports.Grpc);
        variables["Kestrel__Endpoints__Grpc__Protocols"] = "Http2";
    }

    private static string Url(ReservedPort port) => $"http://127.0.0.1:{Text(port)}";

    private static string Text(ReservedPort port) => port.Number.ToString(CultureInfo.InvariantCulture);

    private Dictionary<string, string?> Common(string host)
    {
        var variables = Misleading.ToDictionary(name => name, _ => (string?)null);
        for (var i = 0; i < ConnectionStrings.Count; i++)
        {
            var name = ConnectionStrings.Count == 1 ? "ConnectionStrings__Conversations" : string.Create(CultureInfo.InvariantCulture, $"ConnectionStrings__Conversations__{i}");
            variables[name] = Options.ConnectionStringOf?.Invoke(host, ConnectionStrings[i]) ?? ConnectionStrings[i];
        }

        variables["Cluster__ClusterId"] = ClusterId;
        variables["Cluster__ServiceId"] = "conversations";
        variables["Cluster__Membership"] = Options.Membership == MembershipProfile.Fast ? "fast" : "steady";
        variables["ASPNETCORE_ENVIRONMENT"] = Options.Environment;
        variables["DOTNET_ENVIRONMENT"] = Options.Environment;
        variables["Conversations__ConfigFile"] = Options.ConfigFile is { } file ? Path.GetFullPath(file) : null;
        return variables;
    }

    private Dictionary<string, string?> Finish(Dictionary<string, string?> variables, string name)
    {
        Lay(Options.Variables, variables);
        if (Options.VariablesOf.TryGetValue(name, out var own))
            Lay(own, variables);
        return variables;
    }

    private static void Lay(IReadOnlyDictionary<string, string?> over, Dictionary<string, string?> variables)
    {
        foreach (var (key, value) in over)
            variables[key] = value;
    }
}
