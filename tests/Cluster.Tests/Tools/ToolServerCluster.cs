using System.Diagnostics;
using Conversations.Launcher.Ports;

namespace Conversations.Cluster.Tests.Tools;

/// <summary>
/// Silos with tool servers: <c>lab</c>, which each silo starts for itself; <c>far</c>, which a test starts and ends; <c>hasty</c>, the same
/// with a short timeout; and <c>absent</c>, which never comes.
/// </summary>
public sealed class ToolServerCluster : SessionCluster
{
    /// <summary>How many characters of a result these silos keep.</summary>
    public const int ResultLength = 1_000;

    /// <summary>A variable of the silos' environment that is no tool server's business.</summary>
    public const string Secret = "CONVERSATIONS_TEST_SECRET";

    private readonly string _directory = Directory.CreateTempSubdirectory("conversations-test-").FullName;
    private readonly ReservedPort _port = ReservedPort.Any();
    private Process? _far;

    private string Effects => Path.Combine(_directory, "effects");

    private static string Program
    {
        get
        {
            var tests = new DirectoryInfo(AppContext.BaseDirectory);
            return Path.Combine(tests.Parent!.Parent!.FullName, "ToolServer", tests.Name, "Conversations.ToolServer.dll");
        }
    }

    public override async Task DisposeAsync()
    {
        await StopFarAsync();
        await base.DisposeAsync();
        _port.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    /// <summary>What took effect under a call's id, oldest first: tool, idempotency key, process id.</summary>
    public IReadOnlyList<(string Tool, string Key, int Process)> EffectsOf(string call)
    {
        if (!File.Exists(Effects)) return [];
        using var file = new StreamReader(new FileStream(Effects, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return [.. file.ReadToEnd().Split('\n').Select(l => l.Split(' ')).Where(w => w.Length == 4 && w[1] == call).Select(w => (w[0], w[2], int.Parse(w[3])))];
    }

    /// <summary>Lets a call that holds answer.</summary>
    public void Release(string call) => File.WriteAllText($"{Effects}.{call}.go", "");

    public void StartFar()
    {
        var start = new ProcessStartInfo("dotnet", [Program, $"http://127.0.0.1:{_port.Number}"]);
        start.Environment["EFFECTS"] = Effects;
        _far = Process.Start(start);
    }

    public async Task StopFarAsync()
    {
        if (_far is null) return;
        _far.Kill();
        await _far.WaitForExitAsync();
        _far.Dispose();
        _far = null;
    }

    protected override Dictionary<string, string?> More()
    {
        Environment.SetEnvironmentVariable(Secret, "1");
        return new Dictionary<string, string?>
        {
            ["Sessions:ToolResultLength"] = $"{ResultLength}",
            ["Mcp:lab:Command"] = "dotnet",
            ["Mcp:lab:Arguments:0"] = Program,
            ["Mcp:lab:Environment:EFFECTS"] = Effects,
            ["Mcp:lab:Idempotent:0"] = "add",
            ["Mcp:far:Url"] = $"http://127.0.0.1:{_port.Number}/mcp",
            ["Mcp:far:ApiKey"] = "sesame",
            ["Mcp:hasty:Url"] = $"http://127.0.0.1:{_port.Number}/mcp",
            ["Mcp:hasty:Headers:Authorization"] = "Bearer sesame",
            ["Mcp:hasty:TimeoutSeconds"] = "1",
            ["Mcp:absent:Command"] = "/not/there",
            ["Agents:remote:Endpoint"] = Model.Endpoint.ToString(),
            ["Agents:remote:Tools:0"] = "lab.*",
            ["Agents:remote:Tools:1"] = "far.charge",
            ["Agents:remote:Tools:2"] = "far.hold",
            ["Agents:remote:Tools:3"] = "hasty.hold",
            ["Agents:remote:Tools:4"] = "absent.find",
        };
    }
}

[CollectionDefinition(Name)]
public sealed class ToolServerGroup : ICollectionFixture<ToolServerCluster>
{
    public const string Name = "tool servers";
}
