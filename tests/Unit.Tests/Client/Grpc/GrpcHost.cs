using System.Collections.Immutable;
using System.Net;
using Conversations.Client;
using Conversations.Client.Auth;
using Conversations.Client.Grpc;
using Conversations.Client.Requests;
using Conversations.Client.Sessions;
using Conversations.Journal.Reading;
using Conversations.Journal.Sharding;
using Conversations.Unit.Tests.Client.OpenAI;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Conversations.Unit.Tests.Client.Grpc;

/// <summary>The gRPC wire on a real port, over sessions that a test makes up.</summary>
public sealed class GrpcHost : IAsyncLifetime
{
    private WebApplication? _app;
    private GrpcChannel? _channel;

    internal MadeUpSessions Sessions { get; } = new();

    internal MadeUpDrafts Drafts { get; } = new();

    /// <summary>What the host says of itself.</summary>
    internal bool IsWell { get; set; } = true;

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = Environments.Development });
        // The settings of the hosts, which lie beside these tests, have endpoints of their own.
        builder.Configuration.Sources.Clear();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, port => port.Protocols = HttpProtocols.Http2));
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddOptions<GatewayOptions>();
        builder.Services.AddApiKeys();
        builder.Services.AddSingleton<ISessions>(Sessions);
        builder.Services.AddSingleton<ISessionEventReader>(Sessions);
        builder.Services.AddSingleton(ShardMap.One);
        builder.Services.AddSingleton<IDrafts>(Drafts);
        builder.Services.AddKeyedSingleton<IJournalReader>(PatientJournal.Key, Sessions);
        builder.Services.AddSingleton<AgentNames>(_ => Task.FromResult<ImmutableArray<string>>(["demo", "writer"]));
        builder.Services.AddConversationsGrpc();
        builder.Services.AddHealthChecks().AddCheck("made up", () => IsWell ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy(), [Conversations.Client.Hosting.Health.ReadyTag]);
        _app = builder.Build();
        _app.UseMiddleware<RequestLog>();
        _app.UseAuthentication();
        _app.UseAuthorization();
        _app.MapConversationsGrpc(_app.Environment);
        await _app.StartAsync();
        _channel = GrpcChannel.ForAddress(_app.Urls.Single());
    }

    public async Task DisposeAsync()
    {
        _channel?.Dispose();
        if (_app is not null) await _app.DisposeAsync();
    }

    internal async Task<HealthCheckResponse> HealthAsync() => await new Health.HealthClient(_channel).CheckAsync(new HealthCheckRequest());

    internal StockClient Client(string key = "dev-key") => new(_channel!.CreateCallInvoker(), new Metadata { { "authorization", $"Bearer {key}" } });
}
