using System.CommandLine;
using Conversations.Launcher;
using Conversations.Load;
using Conversations.Load.Commands;
using Grpc.Core;
using Npgsql;

var command = new RootCommand("Has turns, many at a time, and says how long they took and what they cost.")
{
    InProcessCommand.Create(), ServerCommands.Http(), ServerCommands.Grpc(),
    SessionCommands.History(), SessionCommands.Cold(), SessionCommands.Idle(),
    StreamCommands.FirstToken(), StreamCommands.Many(),
};
try
{
    return await command.Parse(args).InvokeAsync(new InvocationConfiguration
    {
        EnableDefaultExceptionHandler = false,
        // Silos and databases end in good order.
        ProcessTerminationTimeout = TimeSpan.FromMinutes(1),
    });
}
catch (Exception fault) when (fault is TurnException or LauncherException or HttpRequestException or RpcException or NpgsqlException)
{
    await Console.Error.WriteLineAsync(fault.Message);
    return 1;
}
catch (OperationCanceledException)
{
    return 130;
}
