using System.CommandLine;

namespace Conversations.Load.Commands;

/// <summary>The options that say what is done and for how long.</summary>
internal sealed class PlanOptions
{
    private readonly Option<int> _sessions = new("--sessions") { Description = "How many sessions have turns at the same time.", HelpName = "N", DefaultValueFactory = _ => 64 };

    private readonly Option<double> _seconds = new("--seconds") { Description = "How long a round is.", HelpName = "S", DefaultValueFactory = _ => 10 };

    private readonly Option<double> _warmup = new("--warmup") { Description = "How long turns are had before anything is measured.", HelpName = "S", DefaultValueFactory = _ => 5 };

    private readonly Option<int> _rounds = new("--rounds") { Description = "How many rounds, one after the other.", HelpName = "N", DefaultValueFactory = _ => 3 };

    private readonly Option<int> _message = new("--message") { Description = "How many characters each turn says, at least 10.", HelpName = "N", DefaultValueFactory = _ => 200 };

    private readonly Option<double?> _rate = new("--rate")
    {
        Description = "Open loop: turns per second over all sessions; latency counts from when a turn was meant to start. Without it each turn starts when the one before it is answered.",
        HelpName = "R",
    };

    private readonly Option<FileInfo?> _json = new("--json") { Description = "Also writes the figures here.", HelpName = "FILE" };

    public IEnumerable<Option> All => [_sessions, _seconds, _warmup, _rounds, _message, _rate, _json];

    public Plan Plan(ParseResult arguments) => new()
    {
        Sessions = arguments.GetValue(_sessions),
        Round = TimeSpan.FromSeconds(arguments.GetValue(_seconds)),
        Warmup = TimeSpan.FromSeconds(arguments.GetValue(_warmup)),
        Rounds = arguments.GetValue(_rounds),
        Message = arguments.GetValue(_message),
        Rate = arguments.GetValue(_rate),
    };

    public FileInfo? Json(ParseResult arguments) => arguments.GetValue(_json);
}
