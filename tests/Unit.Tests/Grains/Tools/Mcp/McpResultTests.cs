using System.Text.Json;
using Conversations.Grains.Tools;
using Conversations.Grains.Tools.Mcp;
using ModelContextProtocol.Protocol;

namespace Conversations.Unit.Tests.Grains.Tools.Mcp;

public sealed class McpResultTests
{
    [Fact]
    public void Read_BlocksOfEveryKind_AreTextOrNamed()
    {
        var result = new CallToolResult
        {
            Content =
            [
                new TextContentBlock { Text = "one" },
                new EmbeddedResourceBlock { Resource = new TextResourceContents { Uri = "file:///a", Text = "two" } },
                new EmbeddedResourceBlock { Resource = new BlobResourceContents { Uri = "file:///b", MimeType = "image/png", Blob = new byte[] { 1 } } },
                new ResourceLinkBlock { Uri = "file:///c", Name = "c" },
                new ImageContentBlock { Data = new byte[] { 1 }, MimeType = "image/png" },
                new AudioContentBlock { Data = new byte[] { 1 }, MimeType = "audio/wav" },
            ],
        };
        Assert.Equal(
            "one\ntwo\n[image/png: file:///b]\n[c: file:///c]\n[an image that cannot be shown: image/png]\n[audio that cannot be shown]",
            McpResult.Read(result));
    }

    [Fact]
    public void Read_StructureAlone_IsItsJson() =>
        Assert.Equal("""{"a":1}""", McpResult.Read(new CallToolResult { StructuredContent = JsonElement.Parse("""{"a":1}""") }));

    [Theory]
    [InlineData("no such account", "no such account")]
    [InlineData(null, "the tool failed.")]
    public void Read_Error_IsTheToolsRefusal(string? text, string message)
    {
        var result = new CallToolResult { IsError = true, Content = text is null ? [] : [new TextContentBlock { Text = text }] };
        Assert.Equal(message, Assert.Throws<ToolException>(() => McpResult.Read(result)).Message);
    }
}
