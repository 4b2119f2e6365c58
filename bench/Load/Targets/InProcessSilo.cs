using System.Globalization;
using Conversations.Client;
using Conversations.Client.Hosting;
using Conversations.Client.Sessions;
using Conversations.Grains;
using Conversations.Journal;
using Conversations.Launcher.Ports;
using Conversations.NullModel;
using Conversations.Silo;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Conversations.Load.Targets;

/// <summary>The silo with the gateway mounted, as its program builds it, in this process; only that nobody calls it over a socket.</summary>
internal sealed class InProcessSilo : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ReservedPort[] _ports;

    private InProcessSilo(WebApplication app, ReservedPort[] ports) => (_app, _ports) = (app, ports);

    public ISessions Sessions => _app.Services.GetRequiredService<ISessions>();

    public IGrainFactory Grains => _app.Services.GetRequiredService<IGrainFactory>();

    /// <param name="connectionString">Of the role of the hosts.</param>
    /// <param name="settings">Laid over all others.</param>
    /// <param name="stop">Gives up.</param>
    public static async Task<InProcessSilo> StartAsync(
        string connectionString, IEnumerable<KeyValuePair<string, string?>> settings, CancellationToken stop)
    {
        ReservedPort[] ports = [ReservedPort.Any(), ReservedPort.Any(), ReservedPort.Any()];
        var builder = ConversationsHost.CreateBuilder([]);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ConnectionStrings:Conversations"] = connectionString,
            ["Cluster:ClusterId"] = $"load-{Guid.NewGuid():N}",
            ["Silo:Name"] = "silo-1",
            ["Silo:Port"] = Text(ports[0]),
            ["Silo:GatewayPort"] = Text(ports[1]),
            ["Kestrel:Endpoints:Admin:Url"] = $"http://127.0.0.1:{Text(ports[2])}",
            [$"Agents:{NullChat.Provider}:Provider"] = NullChat.Provider,
        });
        builder.Configuration.AddInMemoryCollection(settings);
        builder.AddConversationsHost();
        builder.Services.AddJournal(builder.Configuration);
        builder.AddConversationsSilo();
        builder.AddGateway();
        NullChat.AddTo(builder.Services);
        var silo = new InProcessSilo(builder.Build(), ports);
        try
        {
            await silo._app.Services.PrepareJournalAsync(stop);
            silo._app.Services.CheckAgents();
            await silo._app.StartAsync(stop);
            return silo;
        }
        catch
        {
            await silo.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        foreach (var port in _ports) port.Dispose();
    }

    private static string Text(ReservedPort port) => port.Number.ToString(CultureInfo.InvariantCulture);
}
