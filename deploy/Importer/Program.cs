using System.CommandLine;
using Conversations.Importer;
using Conversations.Importer.Commands;

return await new ImportCommand((options, stop) => Import.RunAsync(options, Console.Out, Console.Error, stop))
    .Parse(args)
    .InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
