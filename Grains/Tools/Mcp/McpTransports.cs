using Microsoft.Extensions.Logging;
using ModelContextProtocol.Client;

namespace Conversations.Grains.Tools.Mcp;

/// <summary>How a tool server is reached.</summary>
internal sealed partial class McpTransports(IHttpClientFactory clients, ILogger<McpTransports> log)
{
    /// <summary>The HTTP client's name.</summary>
    public const string HttpClientName = "mcp";

    /// <summary>A transport for one connection.</summary>
    public IClientTransport Create(string name, McpServerOptions options) => options.Url is { } url ? Http(name, url, options) : Stdio(name, options);

    private HttpClientTransport Http(string name, Uri url, McpServerOptions options)
    {
        var headers = new Dictionary<string, string>(options.Headers, StringComparer.OrdinalIgnoreCase);
        if (options.ApiKey is { } key) headers["Authorization"] = $"Bearer {key}";
        return new HttpClientTransport(
            new HttpClientTransportOptions
            {
                Name = name,
                Endpoint = url,
                TransportMode = HttpTransportMode.StreamableHttp,
                AdditionalHeaders = headers,
                ConnectionTimeout = TimeSpan.FromSeconds(options.ConnectSeconds),
            },
            clients.CreateClient(HttpClientName),
            ownsHttpClient: true);
    }

    private StdioClientTransport Stdio(string name, McpServerOptions options)
    {
        // The silo's own environment has the keys of the database and of models in it.
        var environment = StdioClientTransportOptions.GetDefaultEnvironmentVariables();
        foreach (var (variable, value) in options.Environment) environment[variable] = value;
        return new StdioClientTransport(new StdioClientTransportOptions
        {
            Name = name,
            Command = options.Command!,
            Arguments = [.. options.Arguments],
            WorkingDirectory = options.WorkingDirectory,
            InheritEnvironmentVariables = false,
            EnvironmentVariables = environment,
            StandardErrorLines = line => LogSaid(name, line),
        });
    }

    // It is the program's own log, and may hold what people wrote.
    [LoggerMessage(1, LogLevel.Trace, "Tool server {Server}: {Line}")]
    private partial void LogSaid(string server, string line);
}
