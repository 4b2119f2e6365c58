using System.Globalization;
using Conversations.Load.Commands;
using Conversations.Suite.Servers;

namespace Conversations.Suite.Cases;

/// <summary>Something else that keeps conversations in PostgreSQL, behind HTTP.</summary>
/// <param name="name">Its folder in <c>bench/Baselines</c>.</param>
internal sealed class Baseline(string name) : ICase
{
    public string Name => name;

    public string What => $"baseline {name}";

    public async Task<IReadOnlyDictionary<string, double>> RunAsync(Settings settings, CancellationToken stop)
    {
        await using var database = await BenchDatabase.StartAsync(stop);
        await using var server = await BaselineServer.StartAsync(name, database.Arguments, database.Variables, stop);
        string[] arguments =
        [
            "http", "--wire", "turn", "--url", server.Url.ToString(), "--database", BenchDatabase.Name,
            "--watch", string.Create(CultureInfo.InvariantCulture, $"server={server.Pid}"),
            "--watch", string.Create(CultureInfo.InvariantCulture, $"postgres={database.Pid}"),
        ];
        var statistics = new Dictionary<string, string?> { [ServerOptions.StatisticsVariable] = database.Superuser };
        return Figure.Of(await LoadProgram.TalkAsync(arguments, settings, statistics, stop));
    }
}
