using Conversations.Client.OpenAI.Shapes;
using Conversations.Journal.Reading;
using Conversations.Sessions;
using Conversations.Turns;
using Google.Protobuf.WellKnownTypes;

namespace Conversations.Client.Grpc;

/// <summary>Writes sessions and turns as the wire has them.</summary>
internal static class GrpcTurns
{
    /// <summary>A session.</summary>
    public static V1.Session Write(Session session)
    {
        var written = new V1.Session
        {
            Id = session.Id,
            CreatedAt = session.CreatedAt.ToTimestamp(),
            ItemCount = session.ItemCount,
            Silo = session.Silo ?? "",
        };
        written.Metadata.Add(session.Metadata);
        if (session.Parent is { IsErased: false } parent) written.Parent = new V1.Parent { SessionId = parent.Session, Seq = parent.Seq };
        return written;
    }

    /// <summary>The answer to an accepted request.</summary>
    public static V1.SubmitResponse Write(SessionKey session, Submitted submitted) => new()
    {
        Turn = Write(session, submitted.Turn),
        IsNew = submitted.IsNew,
        Position = submitted.Position,
        Silo = submitted.Silo,
    };

    /// <summary>A turn with its items.</summary>
    public static V1.TurnSnapshot Write(SessionKey session, JournaledTurn turn)
    {
        var written = new V1.TurnSnapshot { Turn = Write(session, turn.Turn), Position = turn.Position };
        written.Input.AddRange(turn.Input.Select(GrpcItems.Write));
        written.Output.AddRange(turn.Output.Select(GrpcItems.Write));
        return written;
    }

    /// <summary>A turn.</summary>
    public static V1.Turn Write(SessionKey session, Turn turn)
    {
        var written = new V1.Turn
        {
            Id = turn.Id.ToString(),
            SessionId = session.Id,
            Order = turn.Order,
            Status = Write(turn.Status),
            Options = Write(turn.Options),
            CallsModel = turn.CallsModel,
            CreatedAt = turn.CreatedAt.ToTimestamp(),
            EndedAt = turn.EndedAt?.ToTimestamp(),
            InputCount = turn.InputCount,
            ItemCount = turn.ItemCount,
            Usage = turn.Usage is { } usage ? Write(usage) : null,
            Error = turn.Error is { } error ? new() { Code = error.Code, Message = error.Message } : null,
            Reason = turn.Reason ?? "",
            Superseded = turn.Superseded,
            MergedInto = turn.MergedInto?.ToString() ?? "",
            DueAt = turn.DueAt?.ToTimestamp(),
            Parked = turn.Parked,
        };
        if (ResponseId.TryParse(turn.Options.PreviousResponseId, out var previous))
        {
            written.Previous = new V1.TurnName { SessionId = previous.Session, TurnId = previous.Turn.ToString() };
        }

        if (turn.FirstSeq is { } first) written.FirstSeq = first;
        written.Attempts.AddRange(turn.Attempts.Select(
            attempt => new V1.Attempt { Silo = attempt.Silo, StartedAt = attempt.StartedAt.ToTimestamp(), HandedOver = attempt.HandedOver }));
        return written;
    }

    private static V1.TurnStatus Write(TurnStatus status) => status switch
    {
        TurnStatus.Queued => V1.TurnStatus.Queued,
        TurnStatus.InProgress => V1.TurnStatus.InProgress,
        TurnStatus.Completed => V1.TurnStatus.Completed,
        TurnStatus.Incomplete => V1.TurnStatus.Incomplete,
        TurnStatus.Failed => V1.TurnStatus.Failed,
        TurnStatus.Cancelled => V1.TurnStatus.Cancelled,
        _ => throw new InvalidOperationException($"The wire has no word for the status {status}."),
    };

    private static V1.TurnOptions Write(TurnOptions options)
    {
        var written = new V1.TurnOptions { Agent = options.Agent ?? "", Background = options.Background, Store = options.Store };
        if (options.Instructions is not null) written.Instructions = options.Instructions;
        if (options.Temperature is { } temperature) written.Temperature = temperature;
        if (options.TopP is { } topP) written.TopP = topP;
        if (options.MaxOutputTokens is { } tokens) written.MaxOutputTokens = tokens;
        if (options.MaxToolCalls is { } calls) written.MaxToolCalls = calls;
        if (options.ParallelToolCalls is { } parallel) written.ParallelToolCalls = parallel;
        if (options.User is not null) written.User = options.User;
        if (options.ToolsJson is { } tools) written.Tools.AddRange(GrpcTools.WriteTools(tools));
        if (options.ToolChoiceJson is { } choice) written.ToolChoice = GrpcTools.WriteChoice(choice);
        if (options.TextJson is not null) written.TextJson = options.TextJson;
        if (options.ReasoningJson is { } reasoning) written.Reasoning = GrpcTools.WriteReasoning(reasoning);
        written.Truncation = options.Truncation switch
        {
            "disabled" => V1.Truncation.Disabled,
            "auto" => V1.Truncation.Auto,
            _ => V1.Truncation.Unspecified,
        };
        written.Metadata.Add(options.Metadata);
        return written;
    }

    /// <summary>What a model used.</summary>
    public static V1.Usage Write(Usage usage) => new()
    {
        InputTokens = usage.InputTokens,
        OutputTokens = usage.OutputTokens,
        CachedTokens = usage.CachedTokens,
        ReasoningTokens = usage.ReasoningTokens,
    };
}
