using System.CommandLine;
using Conversations.Load.Sessions;
using Conversations.NullModel;

namespace Conversations.Load.Commands;

/// <summary><c>history</c>, <c>cold</c> and <c>idle</c>: sessions of a silo in this process.</summary>
internal static class SessionCommands
{
    public static Command History()
    {
        var items = Count("--items", "How many items the longer session has.", 10_000);
        var blocks = Count("--blocks", "How many blocks of 50 turns each session has.", 20);
        return MeasuredCommand.Create("history", "What a turn costs in a session with 10 items and in one with many, with 1,000 characters each way.", [items, blocks], (arguments, stop) =>
        {
            Environment.SetEnvironmentVariable(NullChat.LengthVariable, "1000");
            return Sessions.History.MeasureAsync(arguments.GetValue(items), arguments.GetValue(blocks), stop);
        });
    }

    public static Command Cold()
    {
        var items = Count("--items", "How many items the longer sessions have.", 10_000);
        var rounds = Count("--activations", "How often each of ten sessions of either kind is activated.", 10);
        return MeasuredCommand.Create("cold", "How long a session takes to come to memory, with 10 items and with many.", [items, rounds], (arguments, stop) =>
            ColdStart.MeasureAsync(arguments.GetValue(items), arguments.GetValue(rounds), stop));
    }

    public static Command Idle()
    {
        var sessions = Count("--sessions", "How many sessions have a turn and stay in memory.", 100_000);
        return MeasuredCommand.Create("idle", "What a session in memory takes while nobody uses it.", [sessions], (arguments, stop) =>
            IdleSessions.MeasureAsync(arguments.GetValue(sessions), stop));
    }

    private static Option<int> Count(string name, string what, int usual) => new(name) { Description = what, HelpName = "N", DefaultValueFactory = _ => usual };
}
