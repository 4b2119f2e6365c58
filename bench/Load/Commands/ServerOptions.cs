using System.CommandLine;
using System.Globalization;
using Conversations.Load.Gauges;
using Npgsql;

namespace Conversations.Load.Commands;

/// <summary>The options that say what else is read while a server in other processes is measured.</summary>
internal sealed class ServerOptions
{
    /// <summary>The environment variable that has the connection string, with its password, out of every process list.</summary>
    public const string StatisticsVariable = "LOAD_STATISTICS";

    private readonly Option<string[]> _watch = new("--watch") { Description = "A process whose processor time is read; may be repeated.", HelpName = "NAME=PID" };

    private readonly Option<string?> _database = new("--database")
    {
        Description = $"The database whose log and statements are counted, on the server that the environment variable {StatisticsVariable} has the connection string of. Default: none.",
        HelpName = "NAME",
    };

    public Option<Uri> Url { get; } = new("--url") { Description = "The server, like http://127.0.0.1:8080.", Required = true, CustomParser = Address.Parse };

    public Option<string> Key { get; } = new("--key") { Description = "The caller's key.", DefaultValueFactory = _ => "dev-key" };

    public IEnumerable<Option> All => [Url, Key, _watch, _database];

    public async Task<AllGauges> GaugesAsync(ParseResult arguments, CancellationToken stop)
    {
        var processes = (arguments.GetValue(_watch) ?? []).Select(Process).ToDictionary(p => p.Name, p => p.Pid);
        if (arguments.GetValue(_database) is not { } database) return new AllGauges(null, processes, isServer: false);
        var statistics = Environment.GetEnvironmentVariable(StatisticsVariable)
            ?? throw new TurnException($"--database: set the environment variable {StatisticsVariable} to the connection string of a role that may look at statistics.");
        var server = new NpgsqlConnectionStringBuilder(statistics);
        return new AllGauges(await DatabaseGauge.OpenAsync(server.ConnectionString, database, stop), processes, isServer: false);
    }

    private static (string Name, int Pid) Process(string text) =>
        text.Split('=') is [var name, var number] && int.TryParse(number, CultureInfo.InvariantCulture, out var pid)
            ? (name, pid)
            : throw new TurnException($"--watch {text}: write NAME=PID.");
}
