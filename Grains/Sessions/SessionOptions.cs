using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Conversations.Grains.Sessions;

/// <summary>The bounds of a session; the section <c>Sessions</c>.</summary>
public sealed class SessionOptions
{
    /// <summary>How many turns may be unfinished at once, the running one included; past it a request is refused. Default: 64.</summary>
    [Range(1, 10_000)]
    public int QueueLength { get; set; } = 64;

    /// <summary>How many turns of one silo may run at once; further ones wait in line. Default: 10,000.</summary>
    [Range(1, 100_000)]
    public int TurnsPerSilo { get; set; } = 10_000;

    /// <summary>
    /// How many turns of one tenant may run at once, on all silos together; past it a request to an idle session is refused. Default: 10,000.
    /// </summary>
    [Range(1, 1_000_000)]
    public int TurnsPerTenant { get; set; } = 10_000;

    /// <summary>How many items one request may bring. Default: 1,000.</summary>
    [Range(1, 10_000)]
    public int ItemsPerRequest { get; set; } = 1_000;

    /// <summary>How many characters the input of one request may have in all. Default: 4,194,304.</summary>
    [Range(1, 67_108_864)]
    public int InputLength { get; set; } = 4 * 1024 * 1024;

    /// <summary>How many characters a model may produce in one turn; past it the turn ends incomplete. Default: 4,194,304.</summary>
    [Range(1, 67_108_864)]
    public int OutputLength { get; set; } = 4 * 1024 * 1024;

    /// <summary>The most output tokens that a request may ask for (<c>max_output_tokens</c>); past it it is refused. Default: 131,072.</summary>
    [Range(1, 10_000_000)]
    public int OutputTokens { get; set; } = 131_072;

    /// <summary>How often a turn is tried when its silo dies, before it fails. Default: 5.</summary>
    [Range(1, 1_000)]
    public int Attempts { get; set; } = 5;

    /// <summary>How long one attempt at a turn may run, in seconds. Default: 600.</summary>
    [Range(1, 86_400)]
    public int TurnDeadlineSeconds { get; set; } = 600;

    /// <summary>How long a model may say nothing, also before its first word, in seconds. Default: 60.</summary>
    [Range(1, 3_600)]
    public int ModelIdleSeconds { get; set; } = 60;

    /// <summary>How long requests that keep coming may hold off a debounced turn, in seconds. Default: 30.</summary>
    [Range(1, 3_600)]
    public int DebounceSeconds { get; set; } = 30;

    /// <summary>How many tool calls one turn may make; past it the turn ends incomplete. Default: 64.</summary>
    [Range(1, 10_000)]
    public int ToolCalls { get; set; } = 64;

    /// <summary>How many characters of a tool's result are kept. Default: 262,144.</summary>
    [Range(1, 16_777_216)]
    public int ToolResultLength { get; set; } = 256 * 1024;

    /// <summary>How long a session that no caller named is kept after its last turn, in days. Default: 30.</summary>
    [Range(1, 36_500)]
    public int UnnamedDays { get; set; } = 30;

    /// <summary>
    /// How long what is not stored (<c>store: false</c>) is kept after its last turn if the connection that it was made for is neither
    /// closed nor heard of again, in minutes. Default: 60.
    /// </summary>
    [Range(1, 10_080)]
    public int PrivateMinutes { get; set; } = 60;

    /// <summary>How long a watcher without news is kept waiting before it is told to ask again, in seconds. Default: 4.</summary>
    [Range(1, 8)]
    public int WatchSeconds { get; set; } = 4;

    /// <summary>
    /// How long a watcher that has just been given a piece of text waits for the next ones, so that those of a fast model share a call and
    /// a packet, in milliseconds. The first piece, each of a slower model, and whatever is no such piece, go at once. Zero: does not wait. Default: 20.
    /// </summary>
    [Range(0, 1_000)]
    public int GatherMilliseconds { get; set; } = 20;

    /// <summary>
    /// From how full a memory on, in percent of what the process may use, a silo lets sessions go that nobody is calling, the longest idle
    /// first; they come back from PostgreSQL with their next call. 100: never. Default: 90.
    /// </summary>
    [Range(1, 100)]
    public int MemoryPercent { get; set; } = 90;
}

/// <summary>Checks <see cref="SessionOptions"/> at start, all faults at once.</summary>
[OptionsValidator]
internal sealed partial class SessionOptionsValidator : IValidateOptions<SessionOptions>;
