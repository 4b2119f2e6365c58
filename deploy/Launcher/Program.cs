using System.CommandLine;
using Conversations.Launcher.Commands;

// The command ends in order by itself, however long that takes: no termination timeout, and faults show whole.
return await new UpCommand(options => Up.RunAsync(options, Console.Out, Console.Error))
    .Parse(args)
    .InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null, EnableDefaultExceptionHandler = false });
