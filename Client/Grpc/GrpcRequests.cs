using System.Collections.Immutable;
using Conversations.Client.OpenAI.Shapes;
using Conversations.Client.Requests;
using Conversations.Client.Sessions;
using Conversations.History;
using Conversations.Journal.Sharding;
using Conversations.Sessions;
using Conversations.Turns;

namespace Conversations.Client.Grpc;

/// <summary>Reads wishes for turns; what breaks a rule is refused by the name of its field.</summary>
/// <param name="time">Orders the turn ids made here.</param>
internal sealed class GrpcRequests(TimeProvider time)
{
    /// <summary>The longest name of an agent, in characters.</summary>
    private const int MaxAgent = 256;

    /// <summary>The longest name of a person that a caller speaks for, in characters.</summary>
    private const int MaxUser = 64;

    /// <summary>The longest time that a caller may ask to wait for more input.</summary>
    private const int MaxDebounce = 600_000;

    /// <summary>A wish for a turn that calls a model.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="wish">The wish.</param>
    /// <param name="isWatched">Whether the caller stays to see what comes of it.</param>
    public static TurnWish Read(string tenant, V1.TurnRequest wish, bool isWatched)
    {
        var options = Read(wish.Options ?? new(), "options");
        if (!options.Store && wish.SessionId.Length == 0 && (!isWatched || options.Background))
        {
            throw new RefusalException(
                RefusalCode.Invalid, "Nobody could fetch what comes of a turn that is not stored: name a session, or use Run without options.background.", "options.store");
        }

        // What is there already is to be answered.
        var bringsNothing = wish.Input.Count == 0 && (wish.SessionId.Length > 0 || wish.Previous is not null);
        return Read(tenant, wish.SessionId, wish.Previous, bringsNothing ? [] : GrpcInput.Read(wish.Input, "input"), options) with
        {
            IdempotencyKey = GrpcRules.IdempotencyKey(wish.IdempotencyKey, "idempotency_key"),
            Overlap = ReadOverlap(wish.Overlap, wish.HasDebounceMs ? wish.DebounceMs : null),
            After = ReadAfter(wish),
            ExpectedSeq = ReadSeq(wish.HasExpectedSeq ? wish.ExpectedSeq : null),
        };
    }

    /// <summary>A wish that is only asked about, so that it may bring nothing.</summary>
    public static TurnWish Read(string tenant, V1.DraftRequest draft) => Read(
        tenant,
        draft.SessionId,
        draft.Previous,
        draft.Input.Count == 0 ? [] : GrpcInput.Read(draft.Input, "input"),
        Read(draft.Options ?? new(), "options"));

    /// <summary>The turn of a wish that only appends.</summary>
    /// <param name="key">The session.</param>
    /// <param name="wish">The wish.</param>
    /// <param name="input">Its items.</param>
    /// <param name="requestId">What the request is called in the logs.</param>
    public TurnRequest Read(SessionKey key, V1.AppendItemsRequest wish, ImmutableArray<ItemBody> input, string? requestId)
    {
        var address = TurnAddress.Within(key, GrpcRules.IdempotencyKey(wish.IdempotencyKey, "idempotency_key"), time);
        var options = new TurnOptions
        {
            NamesSession = true,
            User = wish.HasUser ? GrpcRules.Text(wish.User, MaxUser, "user") : null,
            RequestId = requestId,
        };
        return new TurnRequest
        {
            Id = address.Turn,
            IsFirstTry = address.IsFresh,
            Fingerprint = Fingerprint.Of(input, options, callsModel: false),
            Input = input,
            Options = options,
            CallsModel = false,
            Overlap = ReadOverlap(wish.Overlap, wish.HasDebounceMs ? wish.DebounceMs : null),
            CreatesSession = address.MakesSession,
            ExpectedSeq = ReadSeq(wish.HasExpectedSeq ? wish.ExpectedSeq : null),
        };
    }

    /// <summary>A refusal of what was to be gone on from, in the words of this wire.</summary>
    public static RefusalException OfPrevious(RefusalException refusal) => refusal switch
    {
        { Code: RefusalCode.SessionNotFound or RefusalCode.TurnNotFound } => new(RefusalCode.TurnNotFound, "There is no such turn to go on from.", "previous"),
        { Parameter: "previous_response_id" } => new(refusal.Code, refusal.Message, "previous"),
        _ => refusal,
    };

    /// <summary>Which session is to be made of which.</summary>
    public static (SessionKey Fork, ForkFrom From) Read(SessionKey parent, V1.ForkRequest wish, ShardMap shards)
    {
        var idempotencyKey = GrpcRules.IdempotencyKey(wish.IdempotencyKey, "idempotency_key");
        var fork = MintedId.Beside(
            parent, idempotencyKey is null ? MintedId.New(parent.Tenant) : MintedId.FromKey(parent.Tenant, "fork", idempotencyKey), shards);
        if (wish.NewSessionId.Length > 0 && (!SessionKey.TryCreate(parent.Tenant, wish.NewSessionId, out fork) || !MintedId.IsMadeOnUse(fork)))
        {
            throw new RefusalException(
                RefusalCode.Invalid, $"'new_session_id' must be {SessionKey.IdRule}, and not start with 'conv_'.", "new_session_id");
        }

        if (fork == parent) throw new RefusalException(RefusalCode.Invalid, "A session cannot be forked into itself.", "new_session_id");
        return (fork, new ForkFrom
        {
            Session = parent.Id,
            AtItem = wish.HasAtItem ? ReadItemId(wish.AtItem, "at_item") : null,
            BeforeItem = wish.HasBeforeItem ? ReadItemId(wish.BeforeItem, "before_item") : null,
            AfterTurn = wish.HasAfterTurn ? ReadTurnId(wish.AfterTurn, "after_turn") : null,
        });
    }

    /// <summary>Whether a turn is to be cancelled if its caller goes away.</summary>
    public static bool ReadOnDisconnect(V1.OnDisconnect wish) => wish switch
    {
        V1.OnDisconnect.Unspecified or V1.OnDisconnect.Continue => false,
        V1.OnDisconnect.Cancel => true,
        _ => throw new RefusalException(RefusalCode.Invalid, "'on_disconnect' must be CONTINUE or CANCEL.", "on_disconnect"),
    };

    /// <summary>The id of a turn that must exist: what was never one of ours is not found.</summary>
    public static TurnId ReadTurnId(string text, string field, RefusalCode unreadable = RefusalCode.TurnNotFound) =>
        TurnId.TryParse(text, out var id)
            ? id
            : throw new RefusalException(unreadable, $"'{field}' is no turn id: 32 hexadecimal digits.", field);

    /// <summary>The id of an item that must exist: what was never one of ours is not found.</summary>
    public static ItemId ReadItemId(string text, string field, RefusalCode unreadable = RefusalCode.ItemNotFound) =>
        ItemId.TryParse(text, out var id) ? id : throw new RefusalException(unreadable, $"'{field}' is no item id.", field);

    private static TurnWish Read(string tenant, string session, V1.TurnName? previous, ImmutableArray<ItemBody> input, TurnOptions options)
    {
        if (session.Length > 0 && previous is not null)
        {
            throw new RefusalException(RefusalCode.Invalid, "'session_id' and 'previous' cannot go together: send one of them.", "previous");
        }

        TurnPlace? place = previous is null
            ? null
            : new TurnPlace(
                GrpcRules.Session(tenant, previous.SessionId, "previous.session_id"), ReadTurnId(previous.TurnId, "previous.turn_id", RefusalCode.Invalid));
        return new TurnWish
        {
            Tenant = tenant,
            Input = input,
            // As the HTTP dialect has it, so that both wires tell the same of a turn.
            Options = options with
            {
                NamesSession = session.Length > 0,
                PreviousResponseId = place is { } at ? new ResponseId(at.Session.Id, at.Turn).ToString() : null,
            },
            Session = session.Length > 0 ? GrpcRules.Session(tenant, session, "session_id") : null,
            Previous = place,
        };
    }

    private static TurnId? ReadAfter(V1.TurnRequest wish)
    {
        if (wish.AfterTurn.Length == 0) return null;
        return wish.SessionId.Length > 0
            ? ReadTurnId(wish.AfterTurn, "after_turn", RefusalCode.Invalid)
            : throw new RefusalException(RefusalCode.Invalid, "'after_turn' needs a 'session_id': to go on from a turn alone, send 'previous'.", "after_turn");
    }

    private static TurnOptions Read(V1.TurnOptions options, string field) => new()
    {
        Agent = options.Agent.Length == 0 ? null : GrpcRules.Text(options.Agent, MaxAgent, $"{field}.agent"),
        Instructions = options.HasInstructions ? GrpcRules.Text(options.Instructions, $"{field}.instructions") : null,
        Temperature = GrpcRules.Within(options.HasTemperature ? options.Temperature : null, 0, 2, $"{field}.temperature"),
        TopP = GrpcRules.Within(options.HasTopP ? options.TopP : null, 0, 1, $"{field}.top_p"),
        MaxOutputTokens = GrpcRules.AtLeast(options.HasMaxOutputTokens ? options.MaxOutputTokens : null, 1, $"{field}.max_output_tokens"),
        MaxToolCalls = GrpcRules.AtLeast(options.HasMaxToolCalls ? options.MaxToolCalls : null, 1, $"{field}.max_tool_calls"),
        ParallelToolCalls = options.HasParallelToolCalls ? options.ParallelToolCalls : null,
        Metadata = GrpcRules.Metadata(options.Metadata, $"{field}.metadata"),
        Background = options.Background,
        User = options.HasUser ? GrpcRules.Text(options.User, MaxUser, $"{field}.user") : null,
        ToolsJson = GrpcTools.Read(options.Tools, $"{field}.tools"),
        ToolChoiceJson = GrpcTools.Read(options.ToolChoice, $"{field}.tool_choice"),
        TextJson = options.HasTextJson ? GrpcTools.ReadText(options.TextJson, $"{field}.text_json") : null,
        ReasoningJson = GrpcTools.Read(options.Reasoning, $"{field}.reasoning"),
        Truncation = options.Truncation switch
        {
            V1.Truncation.Unspecified => null,
            V1.Truncation.Auto => "auto",
            V1.Truncation.Disabled => "disabled",
            _ => throw new RefusalException(RefusalCode.Invalid, $"'{field}.truncation' must be AUTO or DISABLED.", $"{field}.truncation"),
        },
        Store = !options.HasStore || options.Store,
    };

    private static OverlapPolicy? ReadOverlap(V1.OverlapPolicy overlap, int? debounce)
    {
        OverlapKind? kind = overlap switch
        {
            V1.OverlapPolicy.Unspecified => null,
            V1.OverlapPolicy.Enqueue => OverlapKind.Enqueue,
            V1.OverlapPolicy.Reject => OverlapKind.Reject,
            V1.OverlapPolicy.Interrupt => OverlapKind.Interrupt,
            V1.OverlapPolicy.Rollback => OverlapKind.Rollback,
            V1.OverlapPolicy.Latest => OverlapKind.Latest,
            V1.OverlapPolicy.Merge => OverlapKind.Merge,
            V1.OverlapPolicy.Debounce => OverlapKind.Debounce,
            _ => throw new RefusalException(RefusalCode.Invalid, "'overlap' is none of the policies.", "overlap"),
        };
        if (debounce is not null && kind != OverlapKind.Debounce)
        {
            throw new RefusalException(RefusalCode.Invalid, "'debounce_ms' goes with the policy DEBOUNCE alone.", "debounce_ms");
        }

        GrpcRules.Within(debounce, 1, MaxDebounce, "debounce_ms");
        return kind is { } known ? new OverlapPolicy(known, debounce is { } ms ? TimeSpan.FromMilliseconds(ms) : null) : null;
    }

    private static long? ReadSeq(long? seq) =>
        seq is null or >= 0 ? seq : throw new RefusalException(RefusalCode.Invalid, "'expected_seq' must be at least 0.", "expected_seq");
}
