using Conversations.Client.Grpc;
using Conversations.Client.OpenAI.Parsing;
using Conversations.Client.OpenAI.Shapes;
using Conversations.Client.Requests;
using Conversations.Client.Sessions;
using Conversations.History;
using Conversations.Journal.Sharding;
using Conversations.Sessions;
using Conversations.Turns;
using Conversations.Unit.Tests.Client.OpenAI;
using V1 = Conversations.Client.Grpc.V1;

namespace Conversations.Unit.Tests.Client.Grpc;

public sealed class GrpcRequestsTests
{
    private static readonly SessionKey Key = SessionKey.Parse("acme/user-42");

    private static readonly GrpcRequests Requests = new(TimeProvider.System);

    public static TheoryData<string, Action<V1.TurnRequest>> Breaches => new()
    {
        { "idempotency_key", wish => wish.IdempotencyKey = new string('k', 256) },
        { "idempotency_key", wish => wish.IdempotencyKey = "a\0b" },
        { "input[1]", wish => wish.Input.Add(new V1.InputItem()) },
        { "input[0].message.role", wish => wish.Input[0].Message.Role = V1.Role.Unspecified },
        { "input[0].message.role", wish => wish.Input[0].Message.Role = (V1.Role)99 },
        { "input[0].message.content", wish => wish.Input[0].Message.Content.Clear() },
        { "input[0].message.content[1]", wish => wish.Input[0].Message.Content.Add(new V1.ContentPart()) },
        { "input[0].message.content[1]", wish => wish.Input[0].Message.Content.Add(new V1.ContentPart { OutputText = new() { Text = "a" } }) },
        { "input[0].message.content[0].input_text.text", wish => Text(wish, "") },
        { "input[0].message.content[0].input_text.text", wish => Text(wish, "a\0b") },
        { "input[0].message.content[0].input_text.text", wish => Text(wish, "a\ud800") },
        { "input[0].message.content[0].input_text.text", wish => Text(wish, "\udc00a") },
        { "input[0].message.content[0].input_image", wish => Part(wish, new() { InputImage = new() }) },
        { "input[0].message.content[0].input_image.detail", wish => Part(wish, new() { InputImage = new() { ImageUrl = "https://x/y.png", Detail = "x" } }) },
        { "input[0].message.content[0].input_image.file_id", wish => Part(wish, new() { InputImage = new() { FileId = "f" } }) },
        { "input[0].message.content[0].input_image.image_url", wish => Part(wish, new() { InputImage = new() { ImageUrl = "data:image/png;base64,a" } }) },
        { "input[0].message.content[0]", wish => PartOfTheSystem(wish, new() { InputImage = new() { ImageUrl = "https://x/y.png" } }) },
        { "input[0].message.content[0].input_file.file_id", wish => Part(wish, new() { InputFile = new() { FileId = "f" } }) },
        { "input[0].message.content[0].input_file.filename", wish => Part(wish, new() { InputFile = new() { FileData = "YQ==" } }) },
        { "input[0].message.content[0].input_file.file_data", wish => Part(wish, new() { InputFile = new() { Filename = "a", FileData = "?" } }) },
        { "input[0].message.content[0].input_file.file_url", wish => Part(wish, new() { InputFile = new() { FileUrl = "y.pdf" } }) },
        { "input[0].message.content[0].input_file", wish => Part(wish, new() { InputFile = new() { Filename = "a", FileData = "YQ==", FileUrl = "https://x/y" } }) },
        { "input[0].function_call_output.parts[0]", wish => OutputPart(wish, new() { OutputText = new() { Text = "a" } }) },
        { "input[0].function_call_output.parts[0].input_image.image_url", wish => OutputPart(wish, new() { InputImage = new() { ImageUrl = "y.png" } }) },
        { "input[0].message.content[0].input_file", wish => Part(wish, new() { InputFile = new() { Filename = "a" } }) },
        { "input[0].function_call.name", wish => wish.Input[0].FunctionCall = new() { CallId = "c" } },
        { "input[0].function_call.call_id", wish => wish.Input[0].FunctionCall = new() { Name = "f" } },
        { "input[0].function_call_output.call_id", wish => wish.Input[0].FunctionCallOutput = new() { Output = "a" } },
        { "input[0].reasoning.summary[0]", wish => wish.Input[0].Reasoning = new() { Summary = { "\0" } } },
        { "input[0].item_reference.id", wish => wish.Input[0].ItemReference = new() },
        { "options.agent", wish => wish.Options.Agent = new string('a', 257) },
        { "options.instructions", wish => wish.Options.Instructions = "\0" },
        { "options.temperature", wish => wish.Options.Temperature = 2.1 },
        { "options.temperature", wish => wish.Options.Temperature = double.NaN },
        { "options.top_p", wish => wish.Options.TopP = -0.1 },
        { "options.max_output_tokens", wish => wish.Options.MaxOutputTokens = 0 },
        { "options.max_tool_calls", wish => wish.Options.MaxToolCalls = 0 },
        { "options.metadata", wish => AddPairs(wish, 17) },
        { "options.metadata", wish => wish.Options.Metadata[new string('k', 65)] = "" },
        { "options.metadata", wish => wish.Options.Metadata[""] = "" },
        { "options.metadata.k", wish => wish.Options.Metadata["k"] = new string('v', 513) },
        { "options.metadata.k", wish => wish.Options.Metadata["k"] = "\0" },
        { "options.user", wish => wish.Options.User = new string('u', 65) },
        { "options.tools[0].name", wish => wish.Options.Tools.Add(new V1.FunctionTool()) },
        { "options.tools[0].name", wish => wish.Options.Tools.Add(new V1.FunctionTool { Name = new string('n', 65) }) },
        { "options.tools[1].name", wish => wish.Options.Tools.Add([new V1.FunctionTool { Name = "a" }, new V1.FunctionTool { Name = "a" }]) },
        { "options.tools[0].description", wish => wish.Options.Tools.Add(new V1.FunctionTool { Name = "a", Description = "\0" }) },
        { "options.tools[0].parameters_json", wish => wish.Options.Tools.Add(Tool("")) },
        { "options.tools[0].parameters_json", wish => wish.Options.Tools.Add(Tool("[]")) },
        { "options.tools[0].parameters_json", wish => wish.Options.Tools.Add(Tool("""{"a":1,"a":2}""")) },
        { "options.tools[0].parameters_json", wish => wish.Options.Tools.Add(Tool("""{"a":"\u0000"}""")) },
        { "options.tools", wish => wish.Options.Tools.Add(Tool(Nested(63))) },
        { "options.tools", wish => wish.Options.Tools.Add(Enumerable.Range(0, 129).Select(i => new V1.FunctionTool { Name = $"f{i}" })) },
        { "options.tool_choice", wish => wish.Options.ToolChoice = new() },
        { "options.tool_choice.mode", wish => wish.Options.ToolChoice = new() { Mode = V1.ToolMode.Unspecified } },
        { "options.tool_choice.function", wish => wish.Options.ToolChoice = new() { Function = "" } },
        { "options.tool_choice.json", wish => wish.Options.ToolChoice = new() { Json = "\"auto\"" } },
        { "options.tool_choice.json.type", wish => wish.Options.ToolChoice = new() { Json = """{"type":"web_search"}""" } },
        { "options.text_json", wish => wish.Options.TextJson = "json" },
        { "options.text_json.format.type", wish => wish.Options.TextJson = """{"format":{"type":"xml"}}""" },
        { "options.reasoning.effort", wish => wish.Options.Reasoning = new() { Effort = "utmost" } },
        { "options.reasoning.summary", wish => wish.Options.Reasoning = new() { Summary = "" } },
        { "overlap", wish => wish.Overlap = (V1.OverlapPolicy)99 },
        { "debounce_ms", wish => wish.DebounceMs = 5 },
        { "debounce_ms", wish => (wish.Overlap, wish.DebounceMs) = (V1.OverlapPolicy.Debounce, 0) },
        { "after_turn", wish => wish.AfterTurn = "turn-1" },
        { "after_turn", wish => (wish.SessionId, wish.AfterTurn) = ("", Samples.TurnId.ToString()) },
        { "expected_seq", wish => wish.ExpectedSeq = -1 },
        { "session_id", wish => wish.SessionId = "a b" },
        { "previous", wish => wish.Previous = new() { SessionId = "s", TurnId = Samples.TurnId.ToString() } },
        { "previous.session_id", wish => (wish.SessionId, wish.Previous) = ("", new() { TurnId = Samples.TurnId.ToString() }) },
        { "previous.turn_id", wish => (wish.SessionId, wish.Previous) = ("", new() { SessionId = "s", TurnId = "turn-1" }) },
        { "input[0].compaction.summary", wish => wish.Input[0].Compaction = new() },
        { "options.store", wish => (wish.SessionId, wish.Options.Store, wish.Options.Background) = ("", false, true) },
    };

    [Theory]
    [MemberData(nameof(Breaches), DisableDiscoveryEnumeration = true)]
    public void Read_WishThatBreaksARule_IsRefusedByTheNameOfTheField(string field, Action<V1.TurnRequest> breach)
    {
        var wish = Wish();
        breach(wish);

        var refusal = Assert.Throws<RefusalException>(() => Read(wish));

        Assert.Equal((RefusalCode.Invalid, field), (refusal.Code, refusal.Parameter));
    }

    [Theory]
    [InlineData("\"none\"")]
    [InlineData("\"auto\"")]
    [InlineData("\"required\"")]
    [InlineData("""{"type":"function","name":"look"}""")]
    [InlineData("""{"type":"allowed_tools","mode":"auto","tools":[{"type":"function","name":"look"}]}""")]
    public void Read_ToolChoiceAsTheWireShowsIt_IsTheDialects(string json)
    {
        var wish = Wish();
        wish.Options.ToolChoice = GrpcTools.WriteChoice(json);

        Assert.Equal(json, Read(wish).Options.ToolChoiceJson);
    }

    [Theory]
    [InlineData(V1.OnDisconnect.Unspecified, false)]
    [InlineData(V1.OnDisconnect.Continue, false)]
    [InlineData(V1.OnDisconnect.Cancel, true)]
    public void ReadOnDisconnect_Wish_SaysWhetherToCancel(V1.OnDisconnect wish, bool cancels) =>
        Assert.Equal(cancels, GrpcRequests.ReadOnDisconnect(wish));

    [Fact]
    public void ReadOnDisconnect_UnknownWish_IsRefused() => Assert.Equal(
        "on_disconnect", Assert.Throws<RefusalException>(() => GrpcRequests.ReadOnDisconnect((V1.OnDisconnect)9)).Parameter);

    [Fact]
    public void Read_ForkThatTheServerNames_LivesWithItsParentAndIsFoundAgain()
    {
        var shards = new ShardMap(7);
        var (fork, from) = GrpcRequests.Read(Key, new V1.ForkRequest { IdempotencyKey = "key" }, shards);

        Assert.True(shards.AreTogether(Key, fork));
        Assert.Equal(fork, GrpcRequests.Read(Key, new V1.ForkRequest { IdempotencyKey = "key" }, shards).Fork);
        Assert.True(shards.AreTogether(Key, GrpcRequests.Read(Key, new V1.ForkRequest(), shards).Fork));
        Assert.Equal("user-42", from.Session);
    }

    [Fact]
    public void Read_TooManyItems_IsTooLarge()
    {
        var wish = Wish();
        wish.Input.Add(Enumerable.Repeat(wish.Input[0], 10_000));

        var refusal = Assert.Throws<RefusalException>(() => Read(wish));

        Assert.Equal((RefusalCode.TooLarge, "input"), (refusal.Code, refusal.Parameter));
    }

    [Fact]
    public void Read_WholeWish_KeepsEverything()
    {
        var wish = Wish();
        wish.IdempotencyKey = "k";
        wish.Options = GrpcTurns.Write(Key, Samples.Turn).Options;
        wish.Overlap = V1.OverlapPolicy.Debounce;
        wish.DebounceMs = 800;
        wish.AfterTurn = Samples.TurnId.ToString();
        wish.ExpectedSeq = 0;

        var read = Read(wish, "req_1");

        Assert.Equal((TurnId.FromKey(Key, "k"), false, true), (read.Id, read.IsFirstTry, read.CallsModel));
        Assert.Equal(Samples.Options with { RequestId = "req_1", Metadata = read.Options.Metadata }, read.Options);
        Assert.Equal(Samples.Options.Metadata, read.Options.Metadata);
        Assert.Equal(new OverlapPolicy(OverlapKind.Debounce, TimeSpan.FromMilliseconds(800)), read.Overlap);
        Assert.Equal((Samples.TurnId, 0L, true), (read.After, read.ExpectedSeq, read.CreatesSession));
    }

    [Fact]
    public void Read_WithoutKey_MakesANewTurnThatNobodyNeedsToLookFor()
    {
        var (first, second) = (Read(Wish()), Read(Wish()));

        Assert.True(first.IsFirstTry);
        Assert.NotEqual(first.Id, second.Id);
        Assert.Null(first.Overlap);
    }

    [Fact]
    public void Read_OptionsThatAreNotThere_AreUnsaid()
    {
        var wish = Wish();
        wish.Options = null;

        var options = Read(wish).Options;

        Assert.Equal((null, null, null, null), (options.Agent, options.Instructions, options.Temperature, options.MaxOutputTokens));
        Assert.True(options.NamesSession);
    }

    [Fact]
    public void Read_EveryPolicyOfTheWire_IsTheContractsOfTheSameName()
    {
        foreach (var policy in Enum.GetValues<V1.OverlapPolicy>().Where(p => p != V1.OverlapPolicy.Unspecified))
        {
            var wish = Wish();
            wish.Overlap = policy;

            Assert.Equal(policy.ToString(), Read(wish).Overlap!.Value.Kind.ToString());
        }

        Assert.Equal(Enum.GetValues<OverlapKind>().Length, Enum.GetValues<V1.OverlapPolicy>().Length - 1);
    }

    [Fact]
    public void Read_SameWishInOtherWords_HasTheSameFingerprint()
    {
        var (first, second, other) = (Wish(), Wish(), Wish());
        first.IdempotencyKey = "k";
        (first.Options.Metadata["a"], first.Options.Metadata["b"]) = ("1", "2");
        (second.Options.Metadata["b"], second.Options.Metadata["a"]) = ("2", "1");

        Assert.Equal(Fingerprint(first), Fingerprint(second));
        Assert.NotEqual(Fingerprint(first), Fingerprint(other));
        Assert.InRange(Read(first).Fingerprint.Length, 1, 32);
    }

    [Fact]
    public void Read_AppendOfTheSameItems_IsAnotherRequest()
    {
        var append = new V1.AppendItemsRequest { SessionId = Key.Id, IdempotencyKey = "k", Items = { Wish().Input } };

        var read = Requests.Read(Key, append, GrpcInput.Read(append.Items, "items"), null);

        Assert.False(read.CallsModel);
        Assert.Equal(TurnId.FromKey(Key, "k"), read.Id);
        Assert.NotEqual(Fingerprint(Wish()), Convert.ToHexString(read.Fingerprint.Span));
    }

    [Theory]
    [InlineData("acme/user-42", true)]
    [InlineData("acme/conv_0123", false)]
    public void IsMadeOnUse_SessionIdThatAServerMade_IsFalse(string key, bool expected) => Assert.Equal(expected, MintedId.IsMadeOnUse(SessionKey.Parse(key)));

    [Fact]
    public void Read_NoSession_IsATurnInOneOfItsOwn()
    {
        var wish = Wish();
        wish.SessionId = "";
        wish.IdempotencyKey = "k";
        var (read, again) = (Address(wish), Address(wish));

        Assert.StartsWith("acme/conv_", read.Session.ToString());
        Assert.Equal((read, SessionLifetime.Unnamed, true), (again, again.Lifetime, again.MakesSession));
        Assert.False(Read(wish).Options.NamesSession);
    }

    [Fact]
    public void Read_NoSessionAndNotStored_IsPrivateToItsCaller()
    {
        var wish = Wish();
        wish.SessionId = "";
        wish.Options.Store = false;

        Assert.Equal((SessionLifetime.Private, true, false), (Address(wish).Lifetime, Read(wish).OwnsSession, Read(wish).Options.Store));
    }

    [Fact]
    public void Read_Previous_IsTheRequestThatHttpMakesOfItsId()
    {
        var wish = Wish();
        wish.SessionId = "";
        wish.Previous = new V1.TurnName { SessionId = Key.Id, TurnId = Samples.TurnId.ToString() };
        wish.IdempotencyKey = "k";
        var read = Read(wish);
        var http = CreateResponse.Read(Body.Of($$"""{"input": "Hi", "previous_response_id": "{{new ResponseId(Key.Id, Samples.TurnId)}}"}""")).WishOf("acme") with { IdempotencyKey = "k" };
        var overHttp = http.At(TurnAddress.Of(http, TimeProvider.System), null);

        Assert.Equal((Key, Samples.TurnId, true, false), (Address(wish).Session, read.After, read.MayFork, read.CreatesSession));
        Assert.Equal(Convert.ToHexString(overHttp.Fingerprint.Span), Convert.ToHexString(read.Fingerprint.Span));
        Assert.Equal(overHttp.Id, read.Id);
    }

    [Fact]
    public void Read_CompactionAsInput_IsOne()
    {
        var wish = Wish();
        wish.Input.Insert(0, new V1.InputItem { Compaction = new() { Summary = "They greeted." } });

        Assert.Equal(new Compaction("They greeted."), Read(wish).Input[0]);
    }

    [Fact]
    public void Read_WishThatBringsNothing_IsTakenWhereItNamesWhatIsToBeAnswered()
    {
        Assert.Empty(Read(new V1.TurnRequest { SessionId = Key.Id }).Input);
        Assert.Empty(Read(new V1.TurnRequest { Previous = new() { SessionId = Key.Id, TurnId = Samples.TurnId.ToString() } }).Input);
        Assert.Equal("input", Assert.Throws<RefusalException>(() => Read(new V1.TurnRequest())).Parameter);
    }

    [Fact]
    public void Read_DraftThatBringsNothing_IsAskedAboutAsItIs()
    {
        var draft = GrpcRequests.Read("acme", new V1.DraftRequest { Previous = new() { SessionId = Key.Id, TurnId = Samples.TurnId.ToString() } }).AsDraft();

        Assert.Equal(("acme", Key.Id, Samples.TurnId, false), (draft.Tenant, draft.After!.Session, draft.After.AfterTurn, draft.MakesSession));
        Assert.Empty(draft.Input);
    }

    private static TurnRequest Read(V1.TurnRequest wish, string? requestId = null)
    {
        var read = GrpcRequests.Read("acme", wish, isWatched: true);
        return read.At(TurnAddress.Of(read, TimeProvider.System), requestId);
    }

    private static TurnAddress Address(V1.TurnRequest wish) => TurnAddress.Of(GrpcRequests.Read("acme", wish, isWatched: true), TimeProvider.System);

    private static V1.TurnRequest Wish() => new()
    {
        SessionId = Key.Id,
        Input = { new V1.InputItem { Message = new() { Role = V1.Role.User, Content = { new V1.ContentPart { InputText = new() { Text = "Hi" } } } } } },
        Options = new(),
    };

    private static void Text(V1.TurnRequest wish, string text) => wish.Input[0].Message.Content[0].InputText.Text = text;

    private static void PartOfTheSystem(V1.TurnRequest wish, V1.ContentPart part)
    {
        Part(wish, part);
        wish.Input[0].Message.Role = V1.Role.System;
    }

    private static void OutputPart(V1.TurnRequest wish, V1.ContentPart part) =>
        wish.Input[0].FunctionCallOutput = new() { CallId = "c", Parts = { part } };

    private static void Part(V1.TurnRequest wish, V1.ContentPart part) => wish.Input[0].Message.Content[0] = part;

    private static V1.FunctionTool Tool(string parameters) => new() { Name = "a", ParametersJson = parameters };

    private static string Nested(int depth) => string.Concat(Enumerable.Repeat("{\"a\":", depth)) + "{}" + new string('}', depth);

    private static void AddPairs(V1.TurnRequest wish, int count)
    {
        for (var i = 0; i < count; i++) wish.Options.Metadata[$"k{i}"] = "";
    }

    private static string Fingerprint(V1.TurnRequest wish) => Convert.ToHexString(Read(wish).Fingerprint.Span);
}
