using System.Collections.Immutable;
using Conversations.History;
using Conversations.Journal.Reading;
using Conversations.Sessions;
using Conversations.Turns;

namespace Conversations.Grains.Sessions;

/// <summary>Whether a session takes a request: pure, and before anything changes.</summary>
internal static class Acceptance
{
    /// <summary>Refuses a request that the session cannot take as it stands.</summary>
    /// <exception cref="RefusalException">It is refused.</exception>
    public static void Check(SessionState state, TurnRequest request, SessionOptions bounds)
    {
        if (state.Exists ? state.IsPrivate && !request.OwnsSession : !request.CreatesSession)
        {
            throw new RefusalException(RefusalCode.SessionNotFound, "There is no such conversation.", "conversation");
        }

        if (request.Input.IsDefaultOrEmpty && !request.CallsModel)
        {
            throw new RefusalException(RefusalCode.Invalid, "There must be at least one item.", "items");
        }

        if (request is { Input.IsDefaultOrEmpty: true, From: null } && state is { ItemCount: 0, Unfinished.Count: 0 })
        {
            throw new RefusalException(RefusalCode.Invalid, "The conversation holds nothing that could be answered: send input.", "input");
        }

        CheckSize(request.Input, request.Options, bounds);
        if (request.ExpectedSeq is { } expected && (expected != state.ItemCount || state.Unfinished.Count > 0))
        {
            throw new RefusalException(RefusalCode.Moved, $"The conversation has moved on: its next seq is {state.ItemCount}.", "expected_seq");
        }
    }

    /// <summary>Refuses a request that goes on from another turn than the newest, and that cannot be sent to a fork.</summary>
    /// <exception cref="RefusalException">It is refused.</exception>
    public static void CheckNewest(SessionState state, TurnRequest request)
    {
        if (request is { MayFork: false, After: { } after } && after != state.NewestTurn)
        {
            throw new RefusalException(
                RefusalCode.Moved, "A newer turn was accepted: go on from that, or fork the session after the turn you mean.", "previous_response_id");
        }
    }

    /// <summary>Refuses a place that no session can branch off at.</summary>
    /// <exception cref="RefusalException">It is refused.</exception>
    public static void CheckOrigin(ForkOrigin origin, ForkFrom from)
    {
        var parameter = from.AfterTurn is not null ? "previous_response_id" : from.AtItem is not null ? "at_item" : "before_item";
        var reason = origin.Turn switch
        {
            null => null,
            { Superseded: true } => "was rolled back",
            { FirstSeq: null, Status: TurnStatus.Cancelled } => "was cancelled before it began",
            { } turn when !turn.Status.IsTerminal() => "is not finished: wait for it, or cancel it",
            _ => null,
        };
        if (reason is not null) throw new RefusalException(RefusalCode.Invalid, $"The conversation cannot be forked there: the response {reason}.", parameter);
    }

    /// <summary>Refuses a turn that the queue has no room for; a merge that would make one request too large becomes a turn of its own.</summary>
    /// <exception cref="RefusalException">The queue is full.</exception>
    public static Overlap CheckBounds(Overlap overlap, SessionState state, TurnRequest request, SessionOptions bounds)
    {
        if (overlap.MergeInto is { } survivor)
        {
            if (survivor.Input.Length + request.Input.Length <= bounds.ItemsPerRequest
                && survivor.Input.Sum(LengthOf) + request.Input.Sum(LengthOf) <= bounds.InputLength)
            {
                return overlap;
            }

            overlap = overlap with { MergeInto = null };
        }

        var unfinished = state.Unfinished.Count - overlap.Dropped.Length;
        return unfinished < bounds.QueueLength
            ? overlap
            : throw new RefusalException(
                RefusalCode.QueueFull, $"{unfinished} requests of this conversation are unfinished, and no more may wait: try again later.", "conversation");
    }

    /// <summary>Refuses the same name for another request.</summary>
    /// <exception cref="RefusalException">The fingerprints differ.</exception>
    public static void CheckSame(ReadOnlyMemory<byte> known, TurnRequest request)
    {
        if (!known.Span.SequenceEqual(request.Fingerprint.Span)) throw KeyReused();
    }

    /// <summary>Refuses what is larger than its bound.</summary>
    /// <exception cref="RefusalException">It is refused.</exception>
    public static void CheckSize(ImmutableArray<ItemBody> input, TurnOptions options, SessionOptions bounds)
    {
        if (input.Length > bounds.ItemsPerRequest)
        {
            throw new RefusalException(
                RefusalCode.TooLarge, $"A request may bring {bounds.ItemsPerRequest} items; this one brings {input.Length}.", "input");
        }

        if (options.MaxOutputTokens > bounds.OutputTokens)
        {
            throw new RefusalException(RefusalCode.Invalid, $"A reply may have at most {bounds.OutputTokens} tokens: ask for no more.", "max_output_tokens");
        }

        var length = input.Sum(LengthOf);
        if (length > bounds.InputLength)
        {
            throw new RefusalException(
                RefusalCode.TooLarge, $"The input of a request may have {bounds.InputLength} characters; this one has {length}.", "input");
        }
    }

    /// <summary>Refuses another wish under the name of the one that made the session.</summary>
    /// <exception cref="RefusalException">They differ.</exception>
    public static void CheckWish(SessionState state, string? wish)
    {
        if (wish is not null && state.MadeBy is { } made && made != wish) throw KeyReused();
    }

    /// <summary>A session that is wished for, and was deleted since, is not made again by what comes late.</summary>
    public static void CheckNotDeletedSince(SessionState state, SessionMark? seen)
    {
        if (state.Exists || seen is null || state.Life <= seen.Version) return;
        throw new RefusalException(RefusalCode.SessionNotFound, "The conversation was deleted while it was being made: make it again.", "conversation");
    }

    /// <summary>Refuses a request of the session's earlier life.</summary>
    public static void CheckNotErased(bool wasErased)
    {
        if (!wasErased) return;
        throw new RefusalException(
            RefusalCode.KeyReused, "This request was made before the conversation was deleted: choose a new key for a new request.", "Idempotency-Key");
    }

    private static RefusalException KeyReused() =>
        new(RefusalCode.KeyReused, "This idempotency key was used with another request: choose a new key for a new request.", "Idempotency-Key");

    private static long LengthOf(ItemBody body) => body switch
    {
        Message message => message.Content.Sum(LengthOf),
        FunctionCall call => call.Arguments.Length,
        FunctionCallOutput output => output.Parts?.Sum(LengthOf) ?? output.Output.Length,
        Reasoning reasoning => reasoning.Summary.Sum(s => (long)s.Length) + (reasoning.EncryptedContent?.Length ?? 0),
        Compaction compaction => compaction.Summary.Length,
        _ => 0,
    };

    private static long LengthOf(ContentPart part) => part switch
    {
        InputText text => text.Text.Length,
        OutputText text => text.Text.Length,
        RefusalText text => text.Refusal.Length,
        InputImage image => (image.ImageUrl?.Length ?? 0L) + (image.FileId?.Length ?? 0),
        InputFile file => (file.FileData?.Length ?? 0L) + (file.FileId?.Length ?? 0) + (file.FileUrl?.Length ?? 0) + (file.Filename?.Length ?? 0),
        _ => 0L,
    };
}
