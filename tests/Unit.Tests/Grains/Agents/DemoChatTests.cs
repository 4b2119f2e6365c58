using Conversations.Grains.Agents;
using Conversations.Grains.Agents.Demo;
using Conversations.Grains.Tools;
using Conversations.Turns;
using Microsoft.SemanticKernel;
using Microsoft.SemanticKernel.ChatCompletion;

namespace Conversations.Unit.Tests.Grains.Agents;

public sealed class DemoChatTests
{
    [Fact]
    public void Answer_NoName_SaysSoAndQuotesTheLastMessage() => Assert.Equal(
        "I do not know your name yet. I was handed 1 message; the last one says: \"Hi\"", Answer("Hi"));

    [Fact]
    public void Answer_NameSaidBefore_IsRemembered() => Assert.Equal(
        "Your name is Zoë-Ann. I was handed 3 messages; the last one says: \"Who am I?\"", Answer("Hello, MY NAME IS Zoë-Ann!", "It rains.", "Who am I?"));

    [Fact]
    public void Answer_TwoNames_TheLaterCounts() => Assert.StartsWith("Your name is Bo.", Answer("my name is Al", "my name is Bo"), StringComparison.Ordinal);

    [Fact]
    public void Answer_NameOnlyInItsOwnWords_IsNotTheUsers()
    {
        var history = new ChatHistory("my name is System");
        history.AddUserMessage("Hi");
        history.AddAssistantMessage("my name is Demo");

        Assert.Equal("I do not know your name yet. I was handed 3 messages; the last one says: \"Hi\"", DemoChat.Answer(history));
    }

    [Fact]
    public void Answer_NoMessages_IsAnAnswer() =>
        Assert.Equal("I do not know your name yet. I was handed 0 messages; the last one says: \"\"", DemoChat.Answer(new ChatHistory()));

    [Fact]
    public async Task Stream_WordByWord_AddsUpToTheAnswer()
    {
        var history = new ChatHistory();
        history.AddUserMessage("two  words\nand a line");
        var words = new List<string>();

        await foreach (var piece in new DemoChat(TimeSpan.Zero, TimeProvider.System).GetStreamingChatMessageContentsAsync(history))
        {
            words.Add(piece.Content!);
        }

        Assert.Equal(DemoChat.Answer(history), string.Concat(words));
        Assert.True(words.Count > 10);
    }

    [Theory]
    [InlineData("How is the WEATHER?", null, "get_weather", """{"place":"How is the WEATHER?","days":0,"unit":"C"}""")]
    [InlineData("Which ones are there?", null, null, null)]
    [InlineData("Get it", null, null, null)]
    [InlineData("Hi", "\"required\"", "get_weather", """{"place":"Hi","days":0,"unit":"C"}""")]
    [InlineData("Hi", """{"type":"function","name":"listForecasts"}""", "listForecasts", "{}")]
    [InlineData("List them all", null, "listForecasts", "{}")]
    [InlineData("How is the weather?", "\"none\"", null, null)]
    public async Task Stream_WithTools_CallsTheOneThatIsMeant(string said, string? choice, string? name, string? arguments)
    {
        var options = new TurnOptions { ToolsJson = Tools, ToolChoiceJson = choice };
        var demo = new DemoChat(TimeSpan.Zero, TimeProvider.System);
        var settings = new PromptExecutionSettings
        {
            FunctionChoiceBehavior = ToolBox.For(new Agent("demo", new AgentOptions(), demo, ToolGrant.None), options).Choice(options),
        };
        var history = new ChatHistory(said, AuthorRole.User);

        var pieces = await demo.GetStreamingChatMessageContentsAsync(history, settings).ToListAsync();

        var call = pieces.SelectMany(piece => piece.Items.OfType<StreamingFunctionCallUpdateContent>()).SingleOrDefault();
        Assert.Equal((name, arguments), (call?.Name, call?.Arguments));
        Assert.Equal(name is null ? "Stop" : "ToolCalls", pieces[^1].Metadata!["FinishReason"]);
    }

    [Fact]
    public async Task Stream_OnceACallCameToSomething_TellsItAndCallsNoMore()
    {
        var options = new TurnOptions { ToolsJson = Tools, ToolChoiceJson = "\"required\"" };
        var demo = new DemoChat(TimeSpan.Zero, TimeProvider.System);
        var settings = new PromptExecutionSettings
        {
            FunctionChoiceBehavior = ToolBox.For(new Agent("demo", new AgentOptions(), demo, ToolGrant.None), options).Choice(options),
        };
        var history = new ChatHistory("How is the weather?", AuthorRole.User);
        history.Add(new ChatMessageContent(AuthorRole.Assistant, [new FunctionCallContent("get_weather", id: "call_1")]));
        history.Add(new ChatMessageContent(AuthorRole.Tool, [new FunctionResultContent("get_weather", callId: "call_1", result: "rain")]));

        var pieces = await demo.GetStreamingChatMessageContentsAsync(history, settings).ToListAsync();

        Assert.EndsWith("the last one says: \"How is the weather?\"; get_weather came to: \"rain\"", string.Concat(pieces.Select(piece => piece.Content)), StringComparison.Ordinal);
    }

    private const string Tools = """
        [{"type":"function","name":"get_weather","description":null,"strict":null,"parameters":{"type":"object","required":["place","days","unit"],"properties":{
           "place":{"type":"string"},"days":{"type":"integer"},"unit":{"type":"string","enum":["C","F"]},"note":{"type":"string"}}}},
         {"type":"function","name":"listForecasts","description":null,"strict":null,"parameters":null}]
        """;

    private static string Answer(params string[] said)
    {
        var history = new ChatHistory();
        foreach (var text in said) history.AddUserMessage(text);
        return DemoChat.Answer(history);
    }
}
