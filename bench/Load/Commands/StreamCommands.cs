using System.CommandLine;
using Conversations.Load.Streams;

namespace Conversations.Load.Commands;

/// <summary><c>first-token</c> and <c>streams</c>: streamed answers of a gateway that runs already.</summary>
internal static class StreamCommands
{
    private static readonly Option<Uri> Model = new("--model") { Description = "The model's own base address, like http://127.0.0.1:9000/v1/.", Required = true, CustomParser = Address.Parse };

    private static readonly Option<string> Name = new("--name") { Description = "The model's name there.", Required = true };

    private static readonly Option<string> Agent = new("--agent") { Description = "The agent that answers.", Required = true };

    public static Command FirstToken()
    {
        var turns = new Option<int>("--turns") { Description = "How often each is asked, after as often without looking.", HelpName = "N", DefaultValueFactory = _ => 300 };
        return Create("first-token", "How much longer the first word takes through a gateway than from the model itself.", [Agent, Model, Name, turns], (url, key, arguments, stop) =>
            Load.Streams.FirstToken.MeasureAsync(
                url, key, arguments.GetValue(Agent)!, arguments.GetValue(Model)!, arguments.GetValue(Name)!, arguments.GetValue(turns), stop));
    }

    public static Command Many()
    {
        var streams = new Option<int>("--streams") { Description = "How many at the same time.", HelpName = "N", DefaultValueFactory = _ => 2_000 };
        var tokens = new Option<int>("--tokens") { Description = "How many tokens each answer has.", HelpName = "N", Required = true };
        var server = new Option<int>("--server") { Description = "The process whose memory and processor time are read.", HelpName = "PID", Required = true };
        return Create("streams", "Many streamed answers at the same time, each in a session of its own.", [Agent, streams, tokens, server], (url, key, arguments, stop) =>
            ManyStreams.MeasureAsync(
                url, key, arguments.GetValue(Agent)!, arguments.GetValue(streams), arguments.GetValue(tokens), arguments.GetValue(server), stop));
    }

    private static Command Create(
        string name, string what, IEnumerable<Option> options, Func<Uri, string, ParseResult, CancellationToken, Task<Measured>> measure)
    {
        var server = new ServerOptions();
        return MeasuredCommand.Create(name, what, [server.Url, server.Key, .. options], (arguments, stop) =>
            measure(arguments.GetValue(server.Url)!, arguments.GetValue(server.Key)!, arguments, stop));
    }
}
