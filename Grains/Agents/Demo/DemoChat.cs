using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Microsoft.SemanticKernel;
using Microsoft.SemanticKernel.ChatCompletion;

namespace Conversations.Grains.Agents.Demo;

/// <summary>
/// An offline stand-in for a model, for a first look: deterministic, word by word, and computed only from the messages it is handed,
/// so that what it knows proves what was remembered. It never stands in for a real model that fails.
/// </summary>
/// <param name="delay">The pause before each word.</param>
/// <param name="time">The clock.</param>
internal sealed partial class DemoChat(TimeSpan delay, TimeProvider time) : IChatCompletionService
{
    public IReadOnlyDictionary<string, object?> Attributes { get; } = new Dictionary<string, object?>();

    public Task<IReadOnlyList<ChatMessageContent>> GetChatMessageContentsAsync(
        ChatHistory chatHistory,
        PromptExecutionSettings? executionSettings = null,
        Kernel? kernel = null,
        CancellationToken cancellationToken = default) =>
        Task.FromResult<IReadOnlyList<ChatMessageContent>>([new ChatMessageContent(AuthorRole.Assistant, Answer(chatHistory))]);

    public async IAsyncEnumerable<StreamingChatMessageContent> GetStreamingChatMessageContentsAsync(
        ChatHistory chatHistory,
        PromptExecutionSettings? executionSettings = null,
        Kernel? kernel = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        if (DemoCall.Of(chatHistory, executionSettings, kernel) is { } call)
        {
            yield return new StreamingChatMessageContent(AuthorRole.Assistant, null)
            {
                Items = [new StreamingFunctionCallUpdateContent($"call_{chatHistory.Count}", call.Name, call.Arguments)],
            };
            yield return Finished("ToolCalls");
            yield break;
        }

        foreach (var word in Word().Matches(Answer(chatHistory)).Select(m => m.Value))
        {
            await Task.Delay(delay, time, cancellationToken);
            yield return new StreamingChatMessageContent(AuthorRole.Assistant, word);
        }

        yield return Finished("Stop");
    }

    /// <summary>What the demo says to these messages.</summary>
    public static string Answer(IReadOnlyList<ChatMessageContent> messages)
    {
        var said = messages.Where(m => m.Role == AuthorRole.User).Select(m => m.Content ?? "").ToList();
        var name = said.Select(text => MyName().Match(text)).LastOrDefault(m => m.Success)?.Groups[1].Value;
        var last = said.LastOrDefault() ?? "";
        var greeting = name is null ? "I do not know your name yet." : $"Your name is {name}.";
        var called = messages is [.., var newest] ? newest.Items.OfType<FunctionResultContent>().LastOrDefault() : null;
        var result = called is null ? "" : $"; {called.FunctionName} came to: \"{called.Result}\"";
        return $"{greeting} I was handed {messages.Count} {(messages.Count == 1 ? "message" : "messages")}; the last one says: \"{last}\"{result}";
    }

    private static StreamingChatMessageContent Finished(string reason) =>
        new(AuthorRole.Assistant, "", metadata: new Dictionary<string, object?> { ["FinishReason"] = reason });

    [GeneratedRegex(@"\S+\s*")]
    private static partial Regex Word();

    [GeneratedRegex(@"\bmy name is ([\p{L}\p{N}'-]+)", RegexOptions.IgnoreCase)]
    private static partial Regex MyName();
}
