using System.CommandLine;
using Conversations.Load.Targets;

namespace Conversations.Load.Commands;

/// <summary><c>http</c> and <c>grpc</c>: a server that runs already.</summary>
internal static class ServerCommands
{
    private static readonly Dictionary<string, IHttpWire> Wires = new() { ["responses"] = new ResponsesWire(), ["turn"] = new TurnWire() };

    public static Command Http()
    {
        var wire = new Option<string>("--wire") { Description = "responses: OpenAI's dialect; turn: what the baselines speak.", DefaultValueFactory = _ => "responses" };
        wire.AcceptOnlyFromAmong([.. Wires.Keys]);
        return Create("http", "A server over HTTP.", wire, (arguments, url, key, run) =>
        {
            var spoken = Wires[arguments.GetValue(wire)!];
            return new HttpTurns(spoken, new Uri(url, spoken.Path), key, run);
        });
    }

    public static Command Grpc() => Create("grpc", "A gateway over gRPC.", null, (_, url, key, run) => new GrpcTurns(url, key, run));

    private static Command Create(string name, string what, Option? own, Func<ParseResult, Uri, string, string, ITurns> connect)
    {
        var (plan, server) = (new PlanOptions(), new ServerOptions());
        var command = new Command(name, what);
        if (own is not null) command.Options.Add(own);
        foreach (var option in server.All.Concat(plan.All)) command.Options.Add(option);
        command.SetAction(async (arguments, stop) =>
        {
            var url = arguments.GetValue(server.Url)!;
            await using var gauges = await server.GaugesAsync(arguments, stop);
            await using var turns = connect(arguments, url, arguments.GetValue(server.Key)!, $"load-{Guid.NewGuid():N}"[..13]);
            var report = await Measurement.RunAsync($"{name} {url}", turns, gauges, plan.Plan(arguments), stop);
            await report.ShowAsync(plan.Json(arguments), stop);
        });
        return command;
    }
}
