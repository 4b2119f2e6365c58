using Conversations.Grains.Tools;
using Conversations.History;
using Conversations.Turns;

namespace Conversations.Grains.Agents;

/// <summary>How much a model call hands over.</summary>
internal static class PromptSize
{
    /// <summary>The tokens of instructions, tools and items.</summary>
    public static int Of(Agent agent, TurnOptions options, ToolBox tools, IReadOnlyList<Item> window)
    {
        var counter = TokenCounter.For(agent.Options.Encoding);
        var instructions = options.Instructions ?? agent.Options.Instructions;
        return window.Sum(counter.Count)
            + (string.IsNullOrEmpty(instructions) ? 0 : TokenCounter.PerMessage + counter.Count(instructions))
            + tools.Offered.Sum(t => TokenCounter.PerMessage + counter.Count(t.Name) + counter.Count(t.Description ?? "") + counter.Count(t.Schema.GetRawText()));
    }
}
