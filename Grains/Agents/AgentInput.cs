using System.Collections.Immutable;
using Conversations.History;
using Conversations.Sessions;

namespace Conversations.Grains.Agents;

/// <summary>Whether an agent's model takes what a request brings.</summary>
internal static class AgentInput
{
    /// <summary>Refuses parts that the agent's model could not be shown.</summary>
    /// <exception cref="RefusalException">There is one; it is named.</exception>
    public static void Check(Agent agent, ImmutableArray<ItemBody> input)
    {
        for (var i = 0; i < input.Length; i++)
        {
            var (parts, member) = input[i] switch
            {
                Message message => (message.Content, "content"),
                FunctionCallOutput { Parts: { } given } => (given, "output"),
                _ => ([], ""),
            };
            for (var j = 0; j < parts.Length; j++)
            {
                if (FaultOf(agent, parts[j]) is not { } fault) continue;
                var place = $"input[{i}].{member}[{j}]";
                throw new RefusalException(RefusalCode.Invalid, $"'{place}' is {fault}", place);
            }
        }
    }

    private static string? FaultOf(Agent agent, ContentPart part) => part switch
    {
        InputImage when !agent.Options.TakesImages =>
            $"an image, and the agent '{agent.Name}' takes none: leave it out, or choose an agent that takes images (Agents:{agent.Name}:TakesImages).",
        InputFile when !agent.Options.TakesFiles =>
            $"a file, and the agent '{agent.Name}' takes none: leave it out, or choose an agent that takes files (Agents:{agent.Name}:TakesFiles).",
        InputFile { FileData: null } => "a file at an address, which models are not handed: send its content as file_data.",
        _ => null,
    };
}
