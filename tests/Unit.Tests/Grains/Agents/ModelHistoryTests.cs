using Conversations.Grains.Agents;
using Conversations.Grains.Agents.Demo;
using Conversations.Grains.Tools;
using Conversations.History;
using Conversations.Turns;
using Conversations.Unit.Tests.Interfaces;
using CsCheck;
using Microsoft.SemanticKernel;
using Microsoft.SemanticKernel.ChatCompletion;

namespace Conversations.Unit.Tests.Grains.Agents;

public sealed class ModelHistoryTests
{
    private static readonly Gen<string> CallIds = Gen.OneOf("c1", "c2", "c3");

    private static readonly Gen<ItemBody?> AnyBody = Gen.Frequency(
        (3, Gen.Select(Gen.Enum<Role>(), AnyText.Piece, (role, text) => (ItemBody?)Says(role, text))),
        (4, Gen.Select(CallIds, Gen.OneOf("{}", "", "{\"a\":1}", "[1]", "null", "{\"a\":"), (id, json) => (ItemBody?)new FunctionCall(id, "f", json))),
        (4, CallIds.Select(id => (ItemBody?)new FunctionCallOutput(id, "r"))),
        (2, CallIds.Select(id => (ItemBody?)FunctionCallOutput.Of(id, [new InputText("r"), new InputImage("https://x/y.png", null, "auto")]))),
        (1, Gen.Const((ItemBody?)new Reasoning(["Hm"]))),
        (1, Gen.Const((ItemBody?)new Compaction("Before."))),
        (1, Gen.Const((ItemBody?)new ApprovalRequest("c1", "f", "{}"))),
        (1, Gen.Const((ItemBody?)new ApprovalResponse("c1", true))),
        (1, Gen.Const((ItemBody?)null)));

    [Fact]
    public void Build_AnyItems_EveryCallHasItsResultRightBehindItAndNoResultStandsAlone() => AnyBody.Array[0, 20].Sample(bodies =>
    {
        var history = Build(bodies);

        for (var i = 0; i < history.Count; i++)
        {
            if (history[i].Role == AuthorRole.Tool)
            {
                Assert.True(i > 0 && (history[i - 1].Role == AuthorRole.Tool || Calls(history[i - 1]).Any()), "A result without its call.");
                continue;
            }

            var results = history.Skip(i + 1).TakeWhile(m => m.Role == AuthorRole.Tool).Select(ResultOf).Select(r => r.CallId);
            Assert.Equal(Calls(history[i]).Select(c => c.Id), results);
        }

        Assert.All(history, message => Assert.NotEmpty(message.Items));
    });

    [Fact]
    public void Build_Conversation_IsWhatWasSaidInOrder() => Assert.Equal(
        ["system: Rules", "user: Hi", "assistant: Ho", "developer: Stop", "user: Bye"],
        Show(Build(Says(Role.System, "Rules"), Says(Role.User, "Hi"), Says(Role.Assistant, "Ho"), Says(Role.Developer, "Stop"), Says(Role.User, "Bye"))));

    [Fact]
    public void Build_CallsOfOneReply_StandInOneMessage() => Assert.Equal(
        ["user: Hi", "assistant: f(c1) g(c2)", "tool: c1=1", "tool: c2=2", "assistant: Ho"],
        Show(Build(
            Says(Role.User, "Hi"),
            new FunctionCall("c1", "f", "{}"),
            new FunctionCall("c2", "g", "{}"),
            new FunctionCallOutput("c2", "2"),
            new FunctionCallOutput("c1", "1"),
            Says(Role.Assistant, "Ho"))));

    [Fact]
    public void Build_CallAfterCall_AreTwoMessages() => Assert.Equal(
        ["assistant: f(c1)", "tool: c1=1", "assistant: f(c2)", "tool: c2=2"],
        Show(Build(
            new FunctionCall("c1", "f", "{}"),
            new FunctionCallOutput("c1", "1"),
            new FunctionCall("c2", "f", "{}"),
            new FunctionCallOutput("c2", "2"))));

    [Fact]
    public void Build_CallWithoutResult_IsToldThatItWasInterrupted() => Assert.Equal(
        ["assistant: f(c1)", "tool: c1=No result: the call was interrupted.", "user: Hi"],
        Show(Build(new FunctionCall("c1", "f", "{}"), Says(Role.User, "Hi"))));

    [Fact]
    public void Build_ResultWithoutCall_IsLeftOut() =>
        Assert.Equal(["user: Hi"], Show(Build(new FunctionCallOutput("c1", "1"), Says(Role.User, "Hi"))));

    // Some providers number the calls of each reply from 0.
    [Fact]
    public void Build_SameCallIdInTwoTurns_EachHasItsOwnResult() => Assert.Equal(
        ["assistant: f(c1)", "tool: c1=first", "user: Again", "assistant: f(c1)", "tool: c1=second"],
        Show(Build(
            new FunctionCall("c1", "f", "{}"),
            new FunctionCallOutput("c1", "first"),
            Says(Role.User, "Again"),
            new FunctionCall("c1", "f", "{}"),
            new FunctionCallOutput("c1", "second"))));

    [Fact]
    public void Build_Compaction_StandsInForAllBeforeTheLastOne() => Assert.Equal(
        [$"system: {ModelHistory.SummaryHeading}\n\nNewer.", "user: Now"],
        Show(Build(
            Says(Role.User, "Old"), new Compaction("Older."), new FunctionCall("c1", "f", "{}"), new Compaction("Newer."),
            new FunctionCallOutput("c1", "1"), Says(Role.User, "Now"))));

    [Fact]
    public void Build_ErasedAndReasoningItems_AreLeftOut() => Assert.Equal(
        ["user: Hi", "assistant: Ho"],
        Show(Build(Says(Role.User, "Hi"), null, new Reasoning(["Hm"]), Says(Role.Assistant, "Ho"))));

    [Theory]
    [InlineData(null, null, null)]
    [InlineData("Agent's", null, "Agent's")]
    [InlineData("Agent's", "Turn's", "Turn's")]
    [InlineData(null, "Turn's", "Turn's")]
    [InlineData("Agent's", "", null)]
    public void Build_Instructions_AreTheTurnsElseTheAgents(string? agents, string? turns, string? expected)
    {
        var history = ModelHistory.Build(
            Agent(agents), new TurnOptions { Instructions = turns }, [ItemOf(Says(Role.User, "Hi"), 0)]);

        string[] wanted = expected is null ? ["user: Hi"] : [$"system: {expected}", "user: Hi"];
        Assert.Equal(wanted, Show(history));
    }

    [Fact]
    public void Build_Arguments_AreHandedBackAsAnObjectWhateverTheModelWrote()
    {
        Assert.Equal("1", ArgumentsOf("{\"a\":1}")["a"]!.ToString());
        Assert.Empty(ArgumentsOf("{}"));
        Assert.Empty(ArgumentsOf("null"));
        Assert.Equal("{\"a\":", ArgumentsOf("{\"a\":")["arguments"]);
        Assert.Equal("[1]", ArgumentsOf("[1]")["arguments"]);
    }

    [Theory]
    [InlineData("{\"a\":1,\"A\":2}")]
    [InlineData("{\"\":1}")]
    [InlineData("{\"a\":1,\"a\":2}")]
    public void Build_ArgumentsWithOddNames_AreNoFault(string json) => Assert.NotNull(ArgumentsOf(json));

    [Theory]
    [InlineData("https://example.org/a.png")]
    [InlineData("data:image/png;base64,iVBORw0KGgo=")]
    [InlineData("data:nonsense")]
    [InlineData("a.png")]
    [InlineData("http://")]
    [InlineData(" ")]
    public void Build_AnyImageUrl_IsNoFault(string url)
    {
        var fault = Record.Exception(() => Build(new Message(Role.User, [new InputText("Look"), new InputImage(url, null, "auto")])));

        Assert.Null(fault);
    }

    [Fact]
    public void Build_PartsThatNoModelTakes_AreToldAsText() => Assert.Equal(
        ["user: [a file that cannot be shown: a.txt]", "user: [an image that cannot be shown]", "user: [a file that cannot be shown: https://x/y]"],
        Show(Build(
            new Message(Role.User, [new InputFile("a.txt", null, null, "file_1")]),
            new Message(Role.User, [new InputImage(null, "file_1", "auto")]),
            new Message(Role.User, [new InputFile(null, null, "https://x/y", null)]))));

    [Theory]
    [InlineData("auto", null)]
    [InlineData("low", "low")]
    [InlineData("high", "high")]
    [InlineData("original", "high")]
    public void Build_Image_IsItsBytesInTheWishedDetail(string detail, string? told)
    {
        var image = Assert.IsType<ImageContent>(Assert.Single(Build(new Message(Role.User, [new InputImage("data:image/png;base64,iVBORw0KGgo=", null, detail)]))[0].Items));

        Assert.Equal(("image/png", "iVBORw0KGgo="), (image.MimeType, Convert.ToBase64String(image.Data!.Value.Span)));
        Assert.Equal(told, image.Metadata?["ChatImageDetailLevel"]);
    }

    [Theory]
    [InlineData("a.pdf", "YQ==", "application/pdf")]
    [InlineData("A.TXT", "YQ==", "text/plain")]
    [InlineData("a.xyz", "YQ==", "application/octet-stream")]
    [InlineData("a.xyz", "data:text/csv;charset=utf-8;base64,YQ==", "text/csv")]
    public void Build_FileForAnAgentThatTakesThem_IsItsNameAndItsBytes(string name, string data, string type)
    {
        var message = Build(new AgentOptions { TakesFiles = true }, new Message(Role.User, [new InputFile(name, data, null, null)]))[0];

        Assert.Equal($"[file: {name}]", Assert.IsType<TextContent>(message.Items[0]).Text);
#pragma warning disable SKEXP0001 // What the connector takes files as.
        var content = Assert.IsType<BinaryContent>(message.Items[1]);
#pragma warning restore SKEXP0001
        Assert.Equal((type, "YQ=="), (content.MimeType, Convert.ToBase64String(content.Data!.Value.Span)));
    }

    // Brought while another agent answered, or appended: nobody was asked.
    [Fact]
    public void Build_PartsThatTheAgentDoesNotTake_AreToldAsText() => Assert.Equal(
        ["Look", "[an image that cannot be shown]", "[a file that cannot be shown: a.pdf]"],
        Build(
            new AgentOptions { TakesImages = false },
            new Message(Role.User, [new InputText("Look"), new InputImage("https://x/y.png", null, "auto"), new InputFile("a.pdf", "YQ==", null, null)]))[0]
            .Items.Select(item => Assert.IsType<TextContent>(item).Text));

    // The connector hands on no more than the first text of anybody but the user.
    [Fact]
    public void Build_SeveralPartsOfAnybodyButTheUser_AreOneText() => Assert.Equal(
        ["system: a\nb", "assistant: c\nd"],
        Show(Build(
            new Message(Role.System, [new InputText("a"), new InputText("b")]),
            new Message(Role.Assistant, [new OutputText("c"), new RefusalText("d")]))));

    [Fact]
    public void Build_ResultsWithImages_AreShownBehindTheLastOfThem()
    {
        var image = new InputImage("https://x/y.png", null, "auto");
        var history = Build(
            new FunctionCall("c1", "f", "{}"),
            new FunctionCall("c2", "g", "{}"),
            FunctionCallOutput.Of("c1", [new InputText("one"), image]),
            FunctionCallOutput.Of("c2", [image]),
            Says(Role.Assistant, "Nice."),
            new FunctionCall("c3", "f", "{}"),
            FunctionCallOutput.Of("c3", [new InputText("three")]),
            new FunctionCall("c4", "f", "{}"),
            FunctionCallOutput.Of("c4", [image]));

        Assert.Equal(
            ["assistant: f(c1) g(c2)", "tool: c1=one", "tool: c2=", "user: [What the call c1 of f came to, besides its text:]",
             "assistant: Nice.", "assistant: f(c3)", "tool: c3=three", "assistant: f(c4)", "tool: c4=",
             "user: [What the call c4 of f came to, besides its text:]"],
            Show(history));
        Assert.Equal([2, 1], history.Where(m => m.Role == AuthorRole.User).Select(m => m.Items.OfType<ImageContent>().Count()));
    }

    private static KernelArguments ArgumentsOf(string json) => Calls(Build(new FunctionCall("c1", "f", json))[0]).Single().Arguments!;

    private static ChatHistory Build(params ItemBody?[] bodies) => Build(new AgentOptions(), bodies);

    private static ChatHistory Build(AgentOptions options, params ItemBody?[] bodies) =>
        ModelHistory.Build(Agent(options), new TurnOptions(), [.. bodies.Select(ItemOf)]);

    private static Agent Agent(string? instructions) => Agent(new AgentOptions { Instructions = instructions });

    private static Agent Agent(AgentOptions options) => new("a", options, new DemoChat(TimeSpan.Zero, TimeProvider.System), ToolGrant.None);

    private static Item ItemOf(ItemBody? body, int index) =>
        new(index, new ItemId(new TurnId(Guid.AllBitsSet), 0, index), ItemStatus.Completed, body);

    private static Message Says(Role role, string text) => new(role, [role == Role.Assistant ? new OutputText(text) : new InputText(text)]);

    private static IEnumerable<FunctionCallContent> Calls(ChatMessageContent message) => message.Items.OfType<FunctionCallContent>();

    private static FunctionResultContent ResultOf(ChatMessageContent message) => message.Items.OfType<FunctionResultContent>().Single();

    private static IEnumerable<string> Show(ChatHistory history) => history.Select(m => $"{m.Role}: " + (
        m.Role == AuthorRole.Tool ? $"{ResultOf(m).CallId}={ResultOf(m).Result}"
        : Calls(m).Any() ? string.Join(' ', Calls(m).Select(c => $"{c.FunctionName}({c.Id})"))
        : m.Content));
}
