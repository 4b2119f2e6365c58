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

    /// <summary>Whether using a session of this id makes it.</summary>
    public static bool MayCreate(SessionKey key) => !MintedId.Is(key.Id);

    /// <summary>The turn of a wish that calls a model.</summary>
    public TurnRequest Read(SessionKey key, V1.TurnRequest wish, string? requestId)
    {
        var (id, isFirstTry) = Name(key, wish.IdempotencyKey);
        var input = GrpcInput.Read(wish.Input, "input");
        var options = Read(wish.Options ?? new(), "options") with { RequestId = requestId };
        return new TurnRequest
        {
            Id = id,
            IsFirstTry = isFirstTry,
            Fingerprint = Fingerprint.Of(input, options),
            Input = input,
            Options = options,
            Overlap = ReadOverlap(wish.Overlap, wish.HasDebounceMs ? wish.DebounceMs : null),
            CreatesSession = MayCreate(key),
            After = wish.AfterTurn.Length == 0 ? null : ReadTurnId(wish.AfterTurn, "after_turn", RefusalCode.Invalid),
            ExpectedSeq = ReadSeq(wish.HasExpectedSeq ? wish.ExpectedSeq : null),
        };
    }

    /// <summary>The turn of a wish that only appends.</summary>
    public TurnRequest Read(SessionKey key, V1.AppendItemsRequest wish, string? requestId)
    {
        var (id, isFirstTry) = Name(key, wish.IdempotencyKey);
        var input = GrpcInput.Read(wish.Items, "items");
        var options = new TurnOptions
        {
            NamesSession = true,
            User = wish.HasUser ? GrpcRules.Text(wish.User, MaxUser, "user") : null,
            RequestId = requestId,
        };
        return new TurnRequest
        {
            Id = id,
            IsFirstTry = isFirstTry,
            Fingerprint = Fingerprint.Of(input, options, callsModel: false),
            Input = input,
            Options = options,
            CallsModel = false,
            Overlap = ReadOverlap(wish.Overlap, wish.HasDebounceMs ? wish.DebounceMs : null),
            CreatesSession = MayCreate(key),
            ExpectedSeq = ReadSeq(wish.HasExpectedSeq ? wish.ExpectedSeq : null),
        };
    }

    /// <summary>Which session is to be made of which.</summary>
    public static (SessionKey Fork, ForkFrom From) Read(SessionKey parent, V1.ForkRequest wish, ShardMap shards)
    {
        var idempotencyKey = GrpcRules.IdempotencyKey(wish.IdempotencyKey, "idempotency_key");
        var fork = MintedId.Beside(
            parent, idempotencyKey is null ? MintedId.New(parent.Tenant) : MintedId.FromKey(parent.Tenant, "fork", idempotencyKey), shards);
        if (wish.NewSessionId.Length > 0 && (!SessionKey.TryCreate(parent.Tenant, wish.NewSessionId, out fork) || !MayCreate(fork)))
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

    private (TurnId Id, bool IsFirstTry) Name(SessionKey key, string idempotencyKey) =>
        GrpcRules.IdempotencyKey(idempotencyKey, "idempotency_key") is { } chosen
            ? (TurnId.FromKey(key, chosen), false)
            : (TurnId.New(time), true);

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
        NamesSession = true,
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
