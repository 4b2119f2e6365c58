using Spectre.Console;

namespace Conversations.Importer.Progress;

/// <summary>For a terminal: a bar, and what is said above it.</summary>
internal sealed class Bar : IShow
{
    private readonly IAnsiConsole _console;
    private readonly ProgressTask _task;

    private Bar(IAnsiConsole console, ProgressTask task) => (_console, _task) = (console, task);

    public static Task RunAsync(TextWriter terminal, long? total, Func<IShow, Task> work)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(terminal) });
        ProgressColumn[] columns = total is null
            ? [new SpinnerColumn(), new TaskDescriptionColumn(), new ElapsedTimeColumn()]
            : [new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn()];
        return console.Progress().Columns(columns).StartAsync(shown =>
        {
            var task = shown.AddTask("messages", maxValue: Math.Max(total ?? double.MaxValue, 1));
            return work(new Bar(console, task));
        });
    }

    public void Advance(long messages)
    {
        _task.Increment(messages);
        _task.Description = $"{_task.Value:N0} messages";
    }

    public void Say(string line) => _console.WriteLine(line);
}
