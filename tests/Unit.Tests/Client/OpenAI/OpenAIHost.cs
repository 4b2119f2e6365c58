using System.Collections.Immutable;
using System.Net;
using Conversations.Client;
using Conversations.Client.Auth;
using Conversations.Client.OpenAI;
using Conversations.Client.Requests;
using Conversations.Client.Sessions;
using Conversations.Journal.Reading;
using Conversations.Journal.Sharding;
using Conversations.Unit.Tests.Client.Grpc;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Conversations.Unit.Tests.Client.OpenAI;

/// <summary>The HTTP dialect on a real port, over sessions that a test makes up.</summary>
public sealed class OpenAIHost : IAsyncLifetime
{
    /// <summary>The largest body.</summary>
    public const int MaxBodyBytes = 1024 * 1024;

    private WebApplication? _app;
    private HttpClient? _client;

    public HttpClient Client => _client!;

    /// <summary>Where it listens.</summary>
    public Uri Url => Client.BaseAddress!;

    /// <summary>Begins to stop.</summary>
    public void Stop() => _app!.Lifetime.StopApplication();

    /// <summary>Is told the id of every request that is done with.</summary>
    public Action<string>? OnServed { get; set; }

    /// <summary>Is shown every request before it is served.</summary>
    public Action<HttpContext>? OnRequest { get; set; }

    public IServiceProvider Services => _app!.Services;

    internal MadeUpSessions Sessions { get; } = new();

    internal MadeUpDrafts Drafts { get; } = new();

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = Environments.Development });
        // The settings of the hosts, which lie beside these tests, have endpoints of their own.
        builder.Configuration.Sources.Clear();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddOptions<GatewayOptions>().Configure(gateway => gateway.MaxBodyBytes = MaxBodyBytes);
        builder.Services.AddApiKeys();
        builder.Services.AddSingleton<ISessions>(Sessions);
        builder.Services.AddSingleton<ISessionEventReader>(Sessions);
        builder.Services.AddSingleton(ShardMap.One);
        builder.Services.AddSingleton<AgentNames>(_ => Task.FromResult<ImmutableArray<string>>(["demo"]));
        builder.Services.AddKeyedSingleton<IJournalReader>(PatientJournal.Key, Sessions);
        builder.Services.AddSingleton<IDrafts>(Drafts);
        builder.Services.AddOpenAI();
        _app = builder.Build();
        _app.Use(async (http, next) =>
        {
            OnRequest?.Invoke(http);
            try
            {
                await next(http);
            }
            finally
            {
                OnServed?.Invoke(http.Request.Headers[RequestId.Header].ToString());
            }
        });
        _app.UseRequests();
        _app.UseWebSockets();
        _app.UseRouting();
        _app.UseAuthentication();
        _app.UseAuthorization();
        _app.MapOpenAI();
        await _app.StartAsync();
        _client = ClientOf($"{_app.Urls.Single()}/v1/");
    }

    public async Task DisposeAsync()
    {
        _client?.Dispose();
        if (_app is not null) await _app.DisposeAsync();
    }

    private static HttpClient ClientOf(string url) =>
        new() { BaseAddress = new Uri(url), DefaultRequestHeaders = { Authorization = new("Bearer", "dev-key") } };
}
