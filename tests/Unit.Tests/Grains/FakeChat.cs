using System.Runtime.CompilerServices;
using Microsoft.SemanticKernel;
using Microsoft.SemanticKernel.ChatCompletion;

namespace Conversations.Unit.Tests.Grains;

/// <summary>A model that does what the test says, and keeps what it was handed.</summary>
/// <param name="reply">The words of the call of this number, from 0. A null: it says nothing any more, and does not listen either.</param>
internal sealed class FakeChat(Func<int, IEnumerable<string?>> reply) : IChatCompletionService
{
    public List<ChatHistory> Calls { get; } = [];

    public IReadOnlyDictionary<string, object?> Attributes { get; } = new Dictionary<string, object?>();

    public Task<IReadOnlyList<ChatMessageContent>> GetChatMessageContentsAsync(
        ChatHistory chatHistory, PromptExecutionSettings? executionSettings = null, Kernel? kernel = null, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public async IAsyncEnumerable<StreamingChatMessageContent> GetStreamingChatMessageContentsAsync(
        ChatHistory chatHistory,
        PromptExecutionSettings? executionSettings = null,
        Kernel? kernel = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        Calls.Add(chatHistory);
        foreach (var word in reply(Calls.Count - 1))
        {
            if (word is null) await new TaskCompletionSource().Task;
            yield return new StreamingChatMessageContent(AuthorRole.Assistant, word);
        }

        yield return new StreamingChatMessageContent(
            AuthorRole.Assistant, "", metadata: new Dictionary<string, object?> { ["FinishReason"] = "Stop" });
    }
}
