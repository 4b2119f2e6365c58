using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Conversations.Checker.Evidence;
using Conversations.Launcher;
using Conversations.Launcher.Clusters;
using Conversations.Launcher.Hosts;
using Conversations.Testing;
using Npgsql;

namespace Conversations.Chaos.World;

/// <summary>The real thing: PostgreSQL, three silos and two gateways, each a process, a model and a tool that keep their own logs.</summary>
internal sealed class ChaosCluster : IAsyncDisposable
{
    private const int Silos = 3;
    private const int Gateways = 2;

    private static readonly string[] Names =
        [.. Enumerable.Range(1, Silos).Select(number => $"silo-{number}"), .. Enumerable.Range(1, Gateways).Select(number => $"gateway-{number}")];

    private readonly string _directory;
    private readonly ScriptedModel _model;
    private int _effectsRead;

    private ChaosCluster(string directory, ScriptedModel model, LocalCluster processes, Dictionary<string, Link> links, WallClocks clocks, DatabaseDisk disk)
    {
        (_directory, _model, Processes, Links, Clocks, Disk) = (directory, model, processes, links, clocks, disk);
        Doors = [.. processes.Gateways.Select(gateway => new Door(gateway))];
        Database = NpgsqlDataSource.Create(processes.Postgres!.OwnerConnectionString + ";Pooling=false");
        Administration = NpgsqlDataSource.Create(processes.Postgres.SuperuserConnectionString + ";Pooling=false");
        _model.ReplyRaw(Model.AnswerAsync);
    }

    /// <summary>The tenants, with their keys.</summary>
    public static IReadOnlyDictionary<string, string> Tenants { get; } = new Dictionary<string, string> { ["dev"] = "dev-key", ["other"] = "other-key" };

    public LocalCluster Processes { get; }

    /// <summary>The way of each host to PostgreSQL.</summary>
    public IReadOnlyDictionary<string, Link> Links { get; }

    /// <summary>The way of callers to each gateway.</summary>
    public IReadOnlyList<Door> Doors { get; }

    /// <summary>No fault lasts longer, nor the peace between two than a quarter of it. Default: a minute.</summary>
    public TimeSpan LongestFault { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>What time the silos believe it is.</summary>
    public WallClocks Clocks { get; }

    /// <summary>What PostgreSQL's data lies on.</summary>
    public DatabaseDisk Disk { get; }

    public ModelScript Model { get; } = new();

    /// <summary>Straight to the tables, past the service.</summary>
    public NpgsqlDataSource Database { get; }

    /// <summary>As PostgreSQL's own administrator.</summary>
    public NpgsqlDataSource Administration { get; }

    /// <summary>Where the processes log.</summary>
    public string LogDirectory => Processes.LogDirectory;

    public IEnumerable<HostProcess> Hosts => [.. Processes.Silos, .. Processes.Gateways];

    private string EffectsFile => Path.Combine(_directory, "effects");

    public static async Task<ChaosCluster> StartAsync(CancellationToken stop)
    {
        var directory = Directory.CreateTempSubdirectory("conversations-chaos-");
        // PostgreSQL runs as another user when this runs as root.
        directory.UnixFileMode |= UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        var model = await ScriptedModel.StartAsync();
        var config = Path.Combine(directory.FullName, "config.json");
        await File.WriteAllTextAsync(config, Configuration(model, Path.Combine(directory.FullName, "effects")).ToJsonString(), stop);
        var links = Names.ToDictionary(name => name, _ => new Link());
        var clocks = await WallClocks.MakeAsync(directory.FullName, stop);
        var disk = await DatabaseDisk.MakeAsync(directory.FullName, stop);
        var processes = await LocalCluster.StartAsync(
            new LocalClusterOptions
            {
                Directory = directory.FullName,
                Silos = Silos,
                Gateways = Gateways,
                ConfigFile = config,
                PrefixOf = Names.Index().ToDictionary(host => host.Item, host => Firewall.Prefix(host.Index)),
                VariablesOf = Names.Take(Silos).ToDictionary(name => name, clocks.Variables),
                ConnectionStringOf = (name, to) => Through(links[name], to),
            },
            stop);
        return new ChaosCluster(directory.FullName, model, processes, links, clocks, disk);
    }

    /// <summary>Which of all hosts this one is, from 0.</summary>
    public static int NumberOf(HostProcess host) => Array.IndexOf(Names, host.Name);

    /// <summary>Brings back whatever does not run, and returns when all of it is ready.</summary>
    public async Task HealAsync(CancellationToken stop)
    {
        Model.Trouble = ModelTrouble.None;
        await Firewall.ClearAsync();
        foreach (var link in Links.Values.Concat(Doors.SelectMany(door => door.Links))) link.Mend();
        Processes.Postgres!.Resume();
        await Processes.Postgres.StartAsync(stop);
        foreach (var host in Hosts) host.Resume();
        while (true)
        {
            await Task.WhenAll(Hosts.Select(host => ReviveAsync(host, stop)));
            // One that was paused may find out only now that it was given up, and end itself.
            if (Hosts.All(host => host.IsRunning)) return;
        }
    }

    public static async Task ReviveAsync(HostProcess host, CancellationToken stop)
    {
        while (true)
        {
            await host.StartAsync();
            try
            {
                await host.WaitReadyAsync(stop);
                return;
            }
            catch (LauncherException) when (!host.IsRunning)
            {
                // It came up beside something that was broken, and said so.
            }
        }
    }

    /// <summary>The tool's effects since they were last asked for.</summary>
    public async Task<IReadOnlyList<ToolEffect>> TakeEffectsAsync()
    {
        if (!File.Exists(EffectsFile)) return [];
        // Behind the last line's end one may be on its way.
        var lines = (await File.ReadAllTextAsync(EffectsFile)).Split('\n')[..^1];
        var effects = lines.Skip(_effectsRead).Select(line => line.Split(' ')).Select(words => new ToolEffect(words[0], words[1], NeedsApproval: words[0] == "add")).ToList();
        _effectsRead = lines.Length;
        return effects;
    }

    /// <summary>Lets go of what the model was asked so far.</summary>
    public void Forget()
    {
        _model.Forget();
        Model.Forget();
    }

    public async ValueTask DisposeAsync()
    {
        await Database.DisposeAsync();
        await Administration.DisposeAsync();
        await Processes.DisposeAsync();
        foreach (var link in Links.Values) await link.DisposeAsync();
        foreach (var door in Doors) await door.DisposeAsync();
        Clocks.Dispose();
        Disk.Dispose();
        await _model.DisposeAsync();
        if (Directory.Exists(_directory)) Directory.Delete(_directory, recursive: true);
    }

    private static string Through(Link link, string connectionString)
    {
        var target = new NpgsqlConnectionStringBuilder(connectionString);
        (link.Target, target.Port) = (target.Port, link.Port);
        return target.ConnectionString;
    }

    private static JsonObject Configuration(ScriptedModel model, string effects)
    {
        var tests = new DirectoryInfo(AppContext.BaseDirectory);
        var lab = Path.Combine(tests.Parent!.Parent!.FullName, "ToolServer", tests.Name, "Conversations.ToolServer.dll");
        return new JsonObject
        {
            ["Agents"] = new JsonObject
            {
                ["scripted"] = new JsonObject
                {
                    ["Endpoint"] = model.Endpoint.ToString(),
                    ["Tools"] = new JsonArray("lab.charge", "lab.add"),
                    ["WindowItems"] = 2_000,
                    ["FirstTokenSeconds"] = 5,
                    ["IdleSeconds"] = 5,
                },
            },
            ["Mcp"] = new JsonObject
            {
                ["lab"] = new JsonObject
                {
                    ["Command"] = "dotnet",
                    ["Arguments"] = new JsonArray(lab),
                    ["NeedsApproval"] = new JsonArray("add"),
                    ["Environment"] = new JsonObject { ["EFFECTS"] = effects },
                },
            },
            [nameof(Tenants)] = new JsonObject(Tenants.Where(tenant => tenant.Key != "dev").Select(tenant => KeyValuePair.Create<string, JsonNode?>(
                tenant.Key, new JsonObject { ["ApiKeys"] = new JsonArray(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(tenant.Value)))) }))),
        };
    }
}
