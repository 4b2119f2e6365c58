using System.Runtime.CompilerServices;
using Conversations.Grains.Tools;
using Conversations.History;
using Conversations.Turns;
using Microsoft.SemanticKernel;
using Microsoft.SemanticKernel.Connectors.OpenAI;
using OpenAI.Chat;

namespace Conversations.Grains.Agents;

/// <summary>One call of a model through Semantic Kernel, as a stream of <see cref="ModelChunk"/>.</summary>
internal static class ModelCall
{
    // The connector wants one to declare functions; it holds none.
    private static readonly Kernel NoKernel = new();

    /// <summary>Calls the agent's model with these items. Ends when the model has finished; throws what the connector throws.</summary>
    public static async IAsyncEnumerable<ModelChunk> StreamAsync(
        Agent agent, TurnOptions options, ToolBox tools, IReadOnlyList<Item> window, [EnumeratorCancellation] CancellationToken cancellationToken)
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
        string? finish = null;
        Usage? usage = null;
        await foreach (var piece in agent.Chat.GetStreamingChatMessageContentsAsync(history, settings, NoKernel, cancellationToken))
        {
            if (piece.Content is { Length: > 0 } text) yield return new TextChunk(text);
            foreach (var call in piece.Items.OfType<StreamingFunctionCallUpdateContent>())
            {
                yield return new CallChunk(call.FunctionCallIndex, call.CallId, call.Name, call.Arguments);
            }

            finish = piece.Metadata?.GetValueOrDefault("FinishReason") as string ?? finish;
            if (piece.Metadata?.GetValueOrDefault("Usage") is ChatTokenUsage used)
            {
                usage = new Usage(
                    used.InputTokenCount,
                    used.OutputTokenCount,
                    used.InputTokenDetails?.CachedTokenCount ?? 0,
                    used.OutputTokenDetails?.ReasoningTokenCount ?? 0);
            }
        }

        if (usage is not null) yield return new UsageChunk(usage);
        yield return new FinishChunk(Normalise(finish));
    }

    // The connector gives the enum's name.
    private static string Normalise(string? finish) => finish switch
    {
        "Length" or "length" => "length",
        "ContentFilter" or "content_filter" => "content_filter",
        "ToolCalls" or "tool_calls" or "FunctionCall" => "tool_calls",
        _ => "stop",
    };
}
