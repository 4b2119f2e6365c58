using Conversations.Launcher.Clusters;
using Npgsql;

namespace Conversations.Kills;

/// <summary>A cluster of three silos with the fast membership profile and a model that answers at once, and a view of its membership.</summary>
internal sealed class MeasuredCluster : IAsyncDisposable
{
    private const string Id = "kills";

    private const int Active = 3;

    private readonly string _directory;
    private readonly NpgsqlDataSource _database;

    private MeasuredCluster(LocalCluster processes, string directory)
    {
        Processes = processes;
        _directory = directory;
        _database = NpgsqlDataSource.Create(processes.ConnectionString);
    }

    public LocalCluster Processes { get; }

    public static async Task<MeasuredCluster> StartAsync(bool mounted, bool restartDead, CancellationToken stop)
    {
        var directory = Directory.CreateTempSubdirectory("conversations-kills-");
        // PostgreSQL runs as another user when this runs as root.
        directory.UnixFileMode |= UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        var options = new LocalClusterOptions
        {
            Directory = directory.FullName,
            ClusterId = Id,
            Silos = 3,
            Gateways = mounted ? 0 : 1,
            Mounted = mounted,
            RestartDead = restartDead,
            DeleteOnDispose = true,
            Variables = new Dictionary<string, string?> { ["Agents__demo__Provider"] = "demo", ["Agents__demo__WordDelayMilliseconds"] = "0" },
        };
        return new MeasuredCluster(await LocalCluster.StartAsync(options, stop), directory.FullName);
    }

    /// <summary>Returns when every silo is an active member, and no other.</summary>
    public async Task WaitWholeAsync(CancellationToken stop)
    {
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while ((await MembersAsync(stop)).Count(member => member.Status == Active) != Processes.Silos.Count) await look.WaitForNextTickAsync(stop);
    }

    /// <summary>All silos that are or were members.</summary>
    public async Task<IReadOnlyList<Member>> MembersAsync(CancellationToken stop)
    {
        await using var command = _database.CreateCommand(
            "select silo_name || '@' || generation, status, coalesce(suspect_times, '') from orleans.cluster_member where cluster_id = $1");
        command.Parameters.AddWithValue(Id);
        await using var row = await command.ExecuteReaderAsync(stop);
        var members = new List<Member>();
        while (await row.ReadAsync(stop)) members.Add(new Member(row.GetString(0), row.GetInt32(1), row.GetString(2)));
        return members;
    }

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        await Processes.DisposeAsync();
        if (Directory.Exists(_directory)) Directory.Delete(_directory, recursive: true);
    }

    /// <summary>A row of the membership table.</summary>
    /// <param name="Name">Name and generation.</param>
    /// <param name="Status">Orleans' number for it.</param>
    /// <param name="Votes">Who voted that it is dead, and when.</param>
    internal sealed record Member(string Name, int Status, string Votes)
    {
        public bool IsDead => Status == 6;
    }
}
