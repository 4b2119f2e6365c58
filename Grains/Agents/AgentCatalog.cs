using System.ClientModel;
using System.ClientModel.Primitives;
using System.Collections.Frozen;
using System.ComponentModel.DataAnnotations;
using Conversations.Grains.Agents.Demo;
using Conversations.Grains.Tools;
using Conversations.Sessions;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.SemanticKernel.ChatCompletion;
using Microsoft.SemanticKernel.Connectors.OpenAI;
using OpenAI;

namespace Conversations.Grains.Agents;

/// <summary>The agents of this silo, from the section <c>Agents</c>, checked at start.</summary>
internal sealed class AgentCatalog
{
    private readonly FrozenDictionary<string, Agent> _agents;
    private readonly string? _default;

    /// <exception cref="AgentConfigurationException">The configuration is not usable; the message names every fault.</exception>
    public AgentCatalog(IConfiguration configuration, IHostEnvironment environment, IHttpClientFactory clients, ToolCatalog tools, TimeProvider time, ILogger<Agent> log, IServiceProvider services)
    {
        var faults = new List<string>(tools.Faults);
        var agents = new Dictionary<string, Agent>(StringComparer.Ordinal);
        foreach (var section in configuration.GetSection("Agents").GetChildren())
        {
            var before = faults.Count;
            if (Read(section, services, faults) is not { } options) continue;
            var granted = tools.Grant(options.Tools, $"Agents:{section.Key}:Tools", faults);
            if (faults.Count > before) continue;
            agents.Add(section.Key, new Agent(section.Key, options, Connect(section.Key, options, clients, time, services), granted)
            {
                Retry = ModelRetry.Build(section.Key, options.Tries, time, log),
            });
        }

        if (agents.Count == 0 && faults.Count == 0)
        {
            // A newcomer sees memory work without any key; a production silo without agents is a mistake, not a demo.
            if (environment.IsProduction())
            {
                faults.Add("No agent is configured: set Agents:<name>:Model and an ApiKey or Endpoint, or ask for the demo by Agents:demo:Provider=demo.");
            }
            else
            {
                var options = new AgentOptions { Provider = "demo", TakesFiles = true };
                agents.Add("demo", new Agent("demo", options, Connect("demo", options, clients, time, services), ToolGrant.None));
            }
        }

        _default = configuration["DefaultAgent"] ?? (agents.Count == 1 ? agents.Keys.Single() : null);
        if (_default is not null && faults.Count == 0 && !agents.ContainsKey(_default))
        {
            faults.Add($"DefaultAgent names '{_default}', but there is no such agent.");
        }

        if (faults.Count > 0) throw new AgentConfigurationException(string.Join(" ", faults));
        _agents = agents.ToFrozenDictionary(StringComparer.Ordinal);
    }

    /// <summary>The names of all agents, in order.</summary>
    public IEnumerable<string> Names => _agents.Keys.Order(StringComparer.Ordinal);

    /// <summary>The agent of that name, or the default one.</summary>
    /// <exception cref="RefusalException">There is none.</exception>
    public Agent Get(string? name)
    {
        if ((name ?? _default) is not { } wanted)
        {
            throw new RefusalException(RefusalCode.Invalid, $"Name an agent as 'model': {string.Join(", ", Names)}.", "model");
        }

        return _agents.GetValueOrDefault(wanted)
            ?? throw new RefusalException(RefusalCode.AgentNotFound, $"There is no agent '{wanted}'; there are: {string.Join(", ", Names)}.", "model");
    }

    private static AgentOptions? Read(IConfigurationSection section, IServiceProvider services, List<string> faults)
    {
        AgentOptions options;
        try
        {
            options = section.Get<AgentOptions>() ?? new AgentOptions();
        }
        catch (InvalidOperationException e)
        {
            faults.Add($"Agents:{section.Key}: {e.Message}");
            return null;
        }

        var results = new List<ValidationResult>();
        Validator.TryValidateObject(options, new ValidationContext(options), results, validateAllProperties: true);
        faults.AddRange(results.Select(r => $"Agents:{section.Key}: {r.ErrorMessage}"));
        if (options.ApiKeyFile is { } file)
        {
            if (File.Exists(file)) options.ApiKey = File.ReadAllText(file).Trim();
            else faults.Add($"Agents:{section.Key}:ApiKeyFile names a file that is not there: {file}.");
        }

        if (options.Provider is not ("openai" or "demo") && Registered(options, services) is null)
        {
            faults.Add($"Agents:{section.Key}: Provider must be 'openai' or 'demo', or name a chat completion service that the host registers.");
        }

        if (options.Model is not null && string.IsNullOrWhiteSpace(options.Model)) faults.Add($"Agents:{section.Key}: Model must not be empty.");
        if (options.Endpoint is { } endpoint && endpoint is not { IsAbsoluteUri: true, Scheme: "http" or "https" })
        {
            faults.Add($"Agents:{section.Key}: Endpoint must be an http or https address.");
        }

        if (options is { Provider: "openai", Endpoint: null, ApiKey: null or "" })
        {
            faults.Add($"Agents:{section.Key}: set ApiKey (or ApiKeyFile), or an Endpoint that needs none.");
        }

        return options;
    }

    // Any connector of Semantic Kernel, which a host of one's own brings.
    private static IChatCompletionService? Registered(AgentOptions options, IServiceProvider services) =>
        services.GetKeyedService<IChatCompletionService>(options.Provider);

    private static IChatCompletionService Connect(
        string name, AgentOptions options, IHttpClientFactory clients, TimeProvider time, IServiceProvider services) =>
        options.Provider switch
        {
            "demo" => new DemoChat(TimeSpan.FromMilliseconds(options.WordDelayMilliseconds), time),
            "openai" => ConnectOpenAI(options.Model ?? name, options, clients),
            _ => Registered(options, services)!,
        };

    private static OpenAIChatCompletionService ConnectOpenAI(string model, AgentOptions options, IHttpClientFactory clients) =>
        new(
            model,
            new OpenAIClient(
                new ApiKeyCredential(options.ApiKey is { Length: > 0 } key ? key : "none"),
                new OpenAIClientOptions
                {
                    Endpoint = options.Endpoint,
                    Transport = new HttpClientPipelineTransport(clients.CreateClient("model")),
                    // A turn has its own deadlines; the transport must not have shorter ones.
                    NetworkTimeout = Timeout.InfiniteTimeSpan,
                    // One layer tries again: ModelRetry, which knows what was shown.
                    RetryPolicy = new ClientRetryPolicy(maxRetries: 0),
                }));
}

/// <summary>The configured agents cannot be used; the message names every fault.</summary>
/// <param name="message">The faults.</param>
public sealed class AgentConfigurationException(string message) : Exception(message);
