using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Conversations.Chaos.World;
using Conversations.Journal.Migrations;
using Conversations.Launcher.Postgres;
using Conversations.Testing;
using Npgsql;

namespace Conversations.Chaos.Baselines;

/// <summary>Two workers of a naive service, each a process, over one PostgreSQL and one model.</summary>
internal sealed class BaselineCluster : IAsyncDisposable
{
    private static readonly HttpClient Http = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(2) };

    private readonly string _kind;
    private readonly string _directory;
    private readonly PostgresServer _postgres;
    private readonly ScriptedModel _model;
    private readonly IReadOnlyList<Link> _links;
    private readonly (Uri Url, int SiloPort)[] _places = [.. Enumerable.Range(0, 2).Select(_ => (new Uri($"http://127.0.0.1:{FreePort()}"), FreePort()))];
    private readonly Process?[] _workers = new Process?[2];

    private BaselineCluster(string kind, string directory, PostgresServer postgres, ScriptedModel model)
    {
        (_kind, _directory, _postgres, _model) = (kind, directory, postgres, model);
        model.ReplyRaw(Model.AnswerAsync);
        _links = [.. _places.Select(place => new Link { Target = place.Url.Port })];
    }

    public ModelScript Model { get; } = new();

    /// <summary>How callers reach the workers.</summary>
    public IReadOnlyList<(string Name, Uri Url)> Workers => [.. _links.Select((link, number) => ($"worker-{number + 1}", new Uri($"http://127.0.0.1:{link.Port}")))];

    public static async Task<BaselineCluster> StartAsync(string kind, CancellationToken stop)
    {
        var directory = Directory.CreateTempSubdirectory("conversations-baseline-");
        // PostgreSQL runs as another user when this runs as root.
        directory.UnixFileMode |= UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        var postgres = await PostgresServer.OpenAsync(new PostgresServerOptions { Directory = directory.FullName, DeleteOnDispose = true }, stop);
        await postgres.StartAsync(stop);
        await Migrator.MigrateAsync(postgres.OwnerConnectionString, PostgresServer.AppRole, stop);
        await using (var database = NpgsqlDataSource.Create(postgres.OwnerConnectionString))
        await using (var script = database.CreateCommand(await File.ReadAllTextAsync(Path.Combine(Naive, "stock.sql"), stop)))
            await script.ExecuteNonQueryAsync(stop);
        var cluster = new BaselineCluster(kind, directory.FullName, postgres, await ScriptedModel.StartAsync());
        for (var number = 0; number < cluster._workers.Length; number++) await cluster.StartWorkerAsync(number, stop);
        return cluster;
    }

    /// <summary>kill -9 of one worker, and another one in its place.</summary>
    public async Task KillAsync(int number, CancellationToken stop)
    {
        _workers[number]!.Kill();
        await _workers[number]!.WaitForExitAsync(stop);
        _workers[number]!.Dispose();
        await StartWorkerAsync(number, stop);
    }

    /// <summary>Resets the connections of callers with one worker, whatever they are at.</summary>
    public void ResetCallers(int number) => _links[number].Reset();

    public async ValueTask DisposeAsync()
    {
        foreach (var link in _links) await link.DisposeAsync();
        foreach (var worker in _workers.OfType<Process>())
        {
            worker.Kill();
            await worker.WaitForExitAsync();
            worker.Dispose();
        }

        await _postgres.DisposeAsync();
        await _model.DisposeAsync();
        if (Directory.Exists(_directory)) Directory.Delete(_directory, recursive: true);
    }

    private static string Naive
    {
        get
        {
            var own = new DirectoryInfo(AppContext.BaseDirectory);
            return Path.Combine(own.Parent!.Parent!.FullName, "Naive", own.Name);
        }
    }

    private async Task StartWorkerAsync(int number, CancellationToken stop)
    {
        var (url, siloPort) = _places[number];
        _workers[number] = Process.Start(
            "setpriv",
            [
                "--pdeathsig", "KILL", "dotnet", Path.Combine(Naive, "Conversations.Naive.dll"), "--kind", _kind, "--url", url.GetLeftPart(UriPartial.Authority), "--model",
                _model.Endpoint.ToString(), "--database", _postgres.OwnerConnectionString, "--siloPort", siloPort.ToString(CultureInfo.InvariantCulture),
            ]);
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (!await IsReadyAsync(url)) await look.WaitForNextTickAsync(stop);
    }

    private static async Task<bool> IsReadyAsync(Uri url)
    {
        try
        {
            using var answer = await Http.GetAsync(new Uri(url, "/health/ready"));
            return answer.IsSuccessStatusCode;
        }
        catch (Exception fault) when (fault is HttpRequestException or OperationCanceledException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
