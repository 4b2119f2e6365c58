using Conversations.Grains.Tools.Examples;
using Conversations.Grains.Tools.Mcp;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.SemanticKernel;

namespace Conversations.Grains.Tools;

/// <summary>Registers tools on a silo; an agent may call those that its setting <c>Tools</c> names.</summary>
public static class ToolServices
{
    /// <summary>Adds a tool.</summary>
    public static IServiceCollection AddTool(this IServiceCollection services, Func<IServiceProvider, Tool> tool) => services.AddSingleton(tool);

    /// <summary>Adds the tools that every silo has: <c>calculate</c>, <c>current_time</c>, <c>note_add</c> and <c>notes_read</c>.</summary>
    internal static IServiceCollection AddExampleTools(this IServiceCollection services)
    {
        services.AddSingleton<Notebook>();
        services.AddSingleton<ISessionErasure>(p => p.GetRequiredService<Notebook>());
        services.AddTool(_ => Function(Calculator.Calculate).AsTool(isIdempotent: true));
        services.AddTool(p => Function(new Clock(p.GetRequiredService<TimeProvider>()).Now).AsTool(isIdempotent: true));
        // The notebook knows its callers' call ids.
        services.AddTool(p => Function(p.GetRequiredService<Notebook>().AddAsync).AsTool(isIdempotent: true));
        services.AddTool(p => Function(p.GetRequiredService<Notebook>().ReadAsync).AsTool(isIdempotent: true));
        return services;
    }

    /// <summary>Adds the tools of the servers in the section <c>Mcp</c>.</summary>
    internal static IServiceCollection AddMcpTools(this IServiceCollection services)
    {
        services.AddHttpClient(McpTransports.HttpClientName, client => client.Timeout = Timeout.InfiniteTimeSpan)
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler
            {
                PooledConnectionLifetime = TimeSpan.FromMinutes(5),
                ConnectTimeout = TimeSpan.FromSeconds(10),
            })
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan);
        services.AddSingleton<McpTransports>();
        services.AddSingleton<McpServers>();
        return services.AddHostedService<McpStart>();
    }

    private static KernelFunction Function(Delegate method) => KernelFunctionFactory.CreateFromMethod(method);
}
