using Conversations.Grains.Agents.Demo;
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

    private static string Answer(params string[] said)
    {
        var history = new ChatHistory();
        foreach (var text in said) history.AddUserMessage(text);
        return DemoChat.Answer(history);
    }
}
