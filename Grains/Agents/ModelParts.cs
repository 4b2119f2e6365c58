using Conversations.History;
using Microsoft.SemanticKernel;
using Microsoft.SemanticKernel.ChatCompletion;

namespace Conversations.Grains.Agents;

/// <summary>
/// The parts of a message as the connector takes them. What was stored must never keep a session from its next turn: a part that this
/// agent's model does not take, or that is none, is told as text.
/// </summary>
internal static class ModelParts
{
    // Where the connector looks for it.
    private const string Detail = "ChatImageDetailLevel";

    public static void Add(ChatMessageContentItemCollection items, Agent agent, ContentPart part)
    {
        switch (part)
        {
            case InputText text:
                items.Add(new TextContent(text.Text));
                break;
            case OutputText text:
                items.Add(new TextContent(text.Text));
                break;
            case RefusalText text:
                items.Add(new TextContent(text.Refusal));
                break;
            case InputImage image:
                items.Add(Show(agent, image));
                break;
            case InputFile file:
                // The connector gives files names of its own making.
                var content = Show(agent, file);
                items.Add(new TextContent(content is null
                    ? $"[a file that cannot be shown: {file.Filename ?? file.FileId ?? file.FileUrl ?? "without a name"}]"
                    : $"[file: {file.Filename ?? "without a name"}]"));
                if (content is not null) items.Add(content);
                break;
        }
    }

    private static KernelContent Show(Agent agent, InputImage image)
    {
        if (agent.Options.TakesImages && AsContent(image) is { } content)
        {
            // `auto` is every model's own choice, and `original` is what is sent.
            if (image.Detail is "low" or "high" or "original") content.Metadata = new Dictionary<string, object?> { [Detail] = image.Detail == "low" ? "low" : "high" };
            return content;
        }

        return new TextContent("[an image that cannot be shown]");
    }

    private static ImageContent? AsContent(InputImage image)
    {
        if (image.ImageUrl is not { } url) return null;
        if (DataUrl.TryParse(url, out var data)) return data.Length > 0 ? new ImageContent(data.ToArray(), data.MediaType) : null;
        return Uri.TryCreate(url, UriKind.Absolute, out var address) && address is { Scheme: "http" or "https" } ? new ImageContent(address) : null;
    }

#pragma warning disable SKEXP0001 // What the connector takes files as.
    private static BinaryContent? Show(Agent agent, InputFile file) =>
        agent.Options.TakesFiles && FileContent.Of(file) is { Length: > 0 } content ? new BinaryContent(content.ToArray(), content.MediaType) : null;
#pragma warning restore SKEXP0001
}
