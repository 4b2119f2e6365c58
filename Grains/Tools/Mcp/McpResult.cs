using System.Text;
using ModelContextProtocol.Protocol;

namespace Conversations.Grains.Tools.Mcp;

/// <summary>What a tool of a server answered, as text for the model.</summary>
internal static class McpResult
{
    /// <summary>The text; what is no text is named.</summary>
    /// <exception cref="ToolException">The tool says that it failed.</exception>
    public static string Read(CallToolResult result)
    {
        var text = new StringBuilder();
        foreach (var block in result.Content)
        {
            if (text.Length > 0) text.Append('\n');
            text.Append(TextOf(block));
        }

        if (result.Content.Count == 0 && result.StructuredContent is { } structured) text.Append(structured.GetRawText());
        return result.IsError is true ? throw new ToolException(text.Length == 0 ? "the tool failed." : text.ToString()) : text.ToString();
    }

    private static string TextOf(ContentBlock block) => block switch
    {
        TextContentBlock text => text.Text,
        EmbeddedResourceBlock { Resource: TextResourceContents resource } => resource.Text,
        EmbeddedResourceBlock { Resource: { } resource } => $"[{resource.MimeType ?? "data"}: {resource.Uri}]",
        ResourceLinkBlock link => $"[{link.Name}: {link.Uri}]",
        ImageContentBlock image => $"[an image that cannot be shown: {image.MimeType}]",
        _ => $"[{block.Type} that cannot be shown]",
    };
}
