using Conversations.Grains.Tools;
using Microsoft.SemanticKernel.ChatCompletion;
using Polly;

namespace Conversations.Grains.Agents;

/// <summary>A named bundle of a model, instructions and a context policy, ready to be called.</summary>
/// <param name="Name">Its name: what callers send as <c>model</c>.</param>
/// <param name="Options">Its settings.</param>
/// <param name="Chat">Its model.</param>
/// <param name="Tools">The server's tools that it may call.</param>
internal sealed record Agent(string Name, AgentOptions Options, IChatCompletionService Chat, ToolGrant Tools)
{
    /// <summary>How much history the model sees.</summary>
    public ContextSize Window { get; } = ContextSize.Of(Options.WindowItems, Options.WindowTokens, Options.Encoding);

    /// <summary>Past how much history older items are summarised; null: they never are.</summary>
    public ContextSize? CompactAfter { get; } = Options is { CompactAfterItems: null, CompactAfterTokens: null }
        ? null
        : ContextSize.Of(Options.CompactAfterItems, Options.CompactAfterTokens, Options.Encoding);

    /// <summary>How a call that failed is made again.</summary>
    public ResiliencePipeline Retry { get; init; } = ResiliencePipeline.Empty;
}
