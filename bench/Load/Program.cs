using System.CommandLine;
using Conversations.Launcher;
using Conversations.Load;
using Conversations.Load.Commands;

var command = new RootCommand("Has turns, many at a time, and says how long they took and what they cost.")
{
    InProcessCommand.Create(), ServerCommands.Http(), ServerCommands.Grpc(),
    SessionCommands.History(), SessionCommands.Cold(), SessionCommands.Idle(),
    StreamCommands.FirstToken(), StreamCommands.Many(),
};
try
{
    return await command.Parse(args).InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (Exception fault) when (fault is TurnException or LauncherException)
{
    await Console.Error.WriteLineAsync(fault.Message);
    return 1;
}
