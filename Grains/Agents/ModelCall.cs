using System.Runtime.CompilerServices;
using Conversations.Grains.Tools;
using Conversations.History;
using Conversations.Turns;
using Microsoft.SemanticKernel;
using Microsoft.SemanticKernel.Connectors.OpenAI;

namespace Conversations.Grains.Agents;

/// <summary>One call of a model through Semantic Kernel, as a stream of <see cref="ModelChunk"/>.</summary>
internal static class ModelCall
{
    // The connector wants one to declare functions; it holds none.
    private static readonly Kernel NoKernel = new();

    /// <summary>
    /// Calls the agent's model with these items, again if it fails before its first word. Ends when the model has finished; throws
    /// what the connector throws, or that the model was silent for too long.
    /// </summary>
    public static async IAsyncEnumerable<ModelChunk> StreamAsync(
        Agent agent,
        TurnOptions options,
        ToolBox tools,
        IReadOnlyList<Item> window,
        ModelPatience patience,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var history = ModelHistory.Build(agent, options, window);
        var settings = new OpenAIPromptExecutionSettings
        {
            Temperature = options.Temperature ?? agent.Options.Temperature,
            TopP = options.TopP,
            MaxTokens = options.MaxOutputTokens ?? agent.Options.MaxOutputTokens,
            FunctionChoiceBehavior = tools.Choice(options),
            ResponseFormat = ReplyForm.FormatOf(options),
            ReasoningEffort = ReplyForm.EffortOf(options),
        };
        var (reply, first) = await agent.Retry.CallAsync(
            stop => OpenAsync(call => agent.Chat.GetStreamingChatMessageContentsAsync(history, settings, NoKernel, call), patience, stop),
            patience.Until,
            cancellationToken);
        await using (reply)
        {
            foreach (var chunk in first) yield return chunk;
            while (!reply.HasEnded)
            {
                foreach (var chunk in await reply.ReadAsync()) yield return chunk;
            }
        }
    }

    // Ends with the first word: what failed until then nobody has seen.
    private static async Task<(ModelStream Reply, IReadOnlyList<ModelChunk> First)> OpenAsync(
        Func<CancellationToken, IAsyncEnumerable<StreamingChatMessageContent>> call, ModelPatience patience, CancellationToken cancellationToken)
    {
        var reply = new ModelStream(call, patience, cancellationToken);
        try
        {
            while (true)
            {
                if (await reply.ReadAsync() is { Count: > 0 } first) return (reply, first);
            }
        }
        catch
        {
            await reply.DisposeAsync();
            throw;
        }
    }
}
