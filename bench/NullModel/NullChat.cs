using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.SemanticKernel;
using Microsoft.SemanticKernel.ChatCompletion;

namespace Conversations.NullModel;

/// <summary>A model that costs nothing: always the same text, at once, in one piece.</summary>
public sealed class NullChat : IChatCompletionService
{
    /// <summary>What <c>Agents:…:Provider</c> calls it.</summary>
    public const string Provider = "null";

    /// <summary>The environment variable that says how many characters it answers. Default: 200.</summary>
    public const string LengthVariable = "NULL_MODEL_CHARACTERS";

    private readonly string _answer;

    public NullChat(int length) => _answer = new string('a', length);

    public IReadOnlyDictionary<string, object?> Attributes { get; } = new Dictionary<string, object?>();

    /// <summary>Lets the agents of a silo have it.</summary>
    public static IServiceCollection AddTo(IServiceCollection services)
    {
        var length = int.TryParse(Environment.GetEnvironmentVariable(LengthVariable), CultureInfo.InvariantCulture, out var asked) ? asked : 200;
        return services.AddKeyedSingleton<IChatCompletionService>(Provider, new NullChat(length));
    }

    public Task<IReadOnlyList<ChatMessageContent>> GetChatMessageContentsAsync(
        ChatHistory chatHistory,
        PromptExecutionSettings? executionSettings = null,
        Kernel? kernel = null,
        CancellationToken cancellationToken = default) =>
        Task.FromResult<IReadOnlyList<ChatMessageContent>>([new ChatMessageContent(AuthorRole.Assistant, _answer)]);

    public async IAsyncEnumerable<StreamingChatMessageContent> GetStreamingChatMessageContentsAsync(
        ChatHistory chatHistory,
        PromptExecutionSettings? executionSettings = null,
        Kernel? kernel = null,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        await Task.CompletedTask;
        yield return new StreamingChatMessageContent(AuthorRole.Assistant, _answer, metadata: Finished);
    }

    private static Dictionary<string, object?> Finished { get; } = new() { ["FinishReason"] = "Stop" };
}
