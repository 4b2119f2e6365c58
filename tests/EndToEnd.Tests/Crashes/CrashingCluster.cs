using System.Text.Json.Nodes;
using Conversations.CrashPoints;
using Conversations.EndToEnd.Tests.Callers;
using Conversations.Launcher.Clusters;
using Conversations.Launcher.Hosts;

namespace Conversations.EndToEnd.Tests.Crashes;

/// <summary>
/// A cluster whose silos can be told where to die, with some to spare: while dead ones start again the next case goes on with the others.
/// </summary>
public sealed class CrashingCluster : RunningCluster
{
    private const int SilosAtLeast = 3;
    private const int SilosAtMost = 5;

    private readonly string _points = TestDirectory.Create();
    private TaskCompletionSource _died = NewDeath();

    /// <summary>What the model says.</summary>
    internal RingingModel Ringing { get; } = new();

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        Model.ReplyRaw(Ringing.Answer);
        foreach (var silo in Processes.Silos) silo.Died += (_, _) => _died.TrySetResult();
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        Directory.Delete(_points, recursive: true);
    }

    /// <summary>Lets whichever silo is there first die at this point of this session, once.</summary>
    /// <returns>Ends when a silo has died of itself, or has come to the point and is dying.</returns>
    public Task Arm(string point, string session)
    {
        _died = NewDeath();
        File.WriteAllText(CrashPoint.ArmedFile(_points, point, session), "");
        // The launcher tells of no death of a silo that it has not seen ready, and sessions come to one a moment earlier.
        return Task.WhenAny(_died.Task, ReachedAsync(point, session));
    }

    private async Task ReachedAsync(string point, string session)
    {
        var deadline = Deadline.Token;
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!WasReached(point, session)) await look.WaitForNextTickAsync(deadline);
    }

    /// <summary>Whether a silo died there.</summary>
    public bool WasReached(string point, string session) => File.Exists(CrashPoint.ReachedFile(_points, point, session));

    /// <summary>The ids of the calls that took effect in this session, one for each time.</summary>
    public IReadOnlyList<string> Effects(string session) =>
        File.Exists(CrashPoint.EffectsFile(_points, session)) ? File.ReadAllLines(CrashPoint.EffectsFile(_points, session)) : [];

    /// <summary>Starts what is dead, and returns when enough silos are there for the next to die.</summary>
    public async Task RefillAsync()
    {
        foreach (var silo in Processes.Silos) await silo.StartAsync();
        var waits = Processes.Silos.Select(silo => silo.WaitReadyAsync()).ToList();
        await foreach (var ready in Task.WhenEach(waits).Take(SilosAtLeast)) await ready;
    }

    protected override LocalClusterOptions Adapt(LocalClusterOptions options)
    {
        var binaries = HostBinaries.OfThisBuild();
        var variables = new Dictionary<string, string?>
        {
            ["DOTNET_STARTUP_HOOKS"] = Path.Combine(binaries.Root, "artifacts", "bin", "CrashPoints", binaries.Configuration, "Conversations.CrashPoints.dll"),
            [CrashPoint.Variable] = _points,
        };
        return options with
        {
            Silos = SilosAtMost,
            VariablesOf = Enumerable.Range(1, SilosAtMost).ToDictionary(
                number => $"silo-{number}", _ => (IReadOnlyDictionary<string, string?>)variables),
        };
    }

    protected override JsonArray Tools() => ["ring"];

    private static TaskCompletionSource NewDeath() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

[CollectionDefinition(Name)]
public sealed class CrashingClusterGroup : ICollectionFixture<CrashingCluster>
{
    public const string Name = "crashing cluster";
}
