using System.CommandLine;

namespace Conversations.Load.Commands;

/// <summary>A command that ends with figures.</summary>
internal static class MeasuredCommand
{
    public static Command Create(string name, string what, IEnumerable<Option> options, Func<ParseResult, CancellationToken, Task<Measured>> measure)
    {
        var json = new Option<FileInfo?>("--json") { Description = "Also writes the figures here.", HelpName = "FILE" };
        var command = new Command(name, what);
        foreach (var option in options) command.Options.Add(option);
        command.Options.Add(json);
        command.SetAction(async (arguments, stop) => await (await measure(arguments, stop)).ShowAsync(arguments.GetValue(json), stop));
        return command;
    }
}
