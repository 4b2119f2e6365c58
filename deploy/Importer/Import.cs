using System.Net.Sockets;
using System.Text;
using Conversations.Importer.Commands;
using Conversations.Importer.Messages;
using Conversations.Importer.Progress;
using Conversations.Importer.Sessions;
using Conversations.Importer.Sources;
using Npgsql;
using StackExchange.Redis;

namespace Conversations.Importer;

/// <summary>The whole import: session after session, each in its order.</summary>
internal sealed class Import(ConversationsApi api, IShow show, bool isDryRun)
{
    private readonly Summary _summary = new(isDryRun);

    /// <summary>Runs what the command line asks for.</summary>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    public static async Task<int> RunAsync(ImportOptions options, TextWriter output, TextWriter error, CancellationToken stop)
    {
        try
        {
            using var api = new ConversationsApi(options.To, options.Key);
            await using var source = await OpenAsync(options, stop);
            var summary = new Summary(options.DryRun);
            async Task ImportAsync(IShow show) => summary = await new Import(api, show, options.DryRun).RunAsync(source, stop);
            await (Console.IsErrorRedirected
                ? ImportAsync(new Lines(error, source.Messages, TimeProvider.System))
                : Bar.RunAsync(error, source.Messages, ImportAsync));
            await output.WriteLineAsync(summary.ToString());
            return summary.IsWhole ? ExitCodes.Whole : ExitCodes.Partly;
        }
        catch (Exception fault) when (Explain(fault, options) is { } sentence)
        {
            await error.WriteLineAsync($"{sentence} Run the same command again: it goes on where this one stopped.");
            return ExitCodes.BrokeOff;
        }
    }

    private static async Task<IHistories> OpenAsync(ImportOptions options, CancellationToken cancellationToken) => options.From == SourceKind.Postgres
        ? await PostgresHistories.OpenAsync(options.Connection, options.Table, cancellationToken)
        : await RedisHistories.OpenAsync(options.Connection, options.Prefix);

    private static string? Explain(Exception fault, ImportOptions options) => fault switch
    {
        ImportException known => known.Message,
        OperationCanceledException => "Stopped.",
        NpgsqlException or RedisException or SocketException or TimeoutException => $"{options.From} cannot be read: {fault.Message}.",
        ArgumentException => $"--connection is no address of {options.From}.",
        _ => null,
    };

    private async Task<Summary> RunAsync(IHistories source, CancellationToken cancellationToken)
    {
        await foreach (var history in source.ReadAsync(cancellationToken)) await SessionAsync(history, cancellationToken);
        foreach (var left in source.LeftOut)
        {
            show.Say(left);
            _summary.LeftOut++;
        }

        if (source.Note is { } note) show.Say(note);
        return _summary;
    }

    private async Task SessionAsync(History history, CancellationToken cancellationToken)
    {
        var id = Encoding.UTF8.GetString(history.Id.Span);
        if (!ConversationName.TryWrite(history.Id.Span, out var name))
        {
            show.Say($"session '{id}': its id is empty, or has more than 256 characters as a conversation's. Left out.");
            _summary.LeftOut++;
            return;
        }

        if (name != id) show.Say($"session '{id}': is the conversation '{name}'.");
        var session = new SessionImport(api, name, isDryRun);
        var (outcome, at) = await ItemsAsync(history, session, id, cancellationToken);
        _summary.Count(outcome, session.Appended);
        if (Sentence(outcome) is { } sentence) show.Say($"session '{id}'{at}: {sentence}");
    }

    private async Task<(Outcome Outcome, string At)> ItemsAsync(History history, SessionImport session, string id, CancellationToken cancellationToken)
    {
        var map = new MessageMap();
        var at = "";
        try
        {
            await foreach (var message in history.Messages.WithCancellation(cancellationToken))
            {
                show.Advance(1);
                _summary.Messages++;
                at = $", message {message.Position} ({message.Place})";
                try
                {
                    foreach (var item in map.Items(message.Json, message.Position))
                    {
                        if (await session.AddAsync(item, cancellationToken) is { } outcome) return (outcome, at);
                    }
                }
                catch (UnmappableException reason)
                {
                    show.Say($"session '{id}'{at}: it {reason.Message}. Left out.");
                    _summary.LeftOut++;
                }
            }

            return (await session.EndAsync(cancellationToken), "");
        }
        catch (RefusedException refusal)
        {
            show.Say($"session '{id}'{at} or up to 20 items before: {refusal.Message}");
            return (Outcome.Refused, "");
        }
    }

    private static string? Sentence(Outcome outcome) => outcome switch
    {
        Outcome.MovedOn => "was imported, and has gone on since. Left alone.",
        Outcome.Differs => "the conversation has something else in this place. Left alone.",
        Outcome.InUse => "the conversation was used, or cut, while it was imported. Left alone.",
        Outcome.Refused => "the service does not take it. Left alone from there.",
        Outcome.Nothing => "nothing to import.",
        _ => null,
    };
}
