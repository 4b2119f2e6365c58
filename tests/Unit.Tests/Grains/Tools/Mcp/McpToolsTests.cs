using System.Text.Json;
using Conversations.Grains.Tools.Mcp;
using ModelContextProtocol.Protocol;

namespace Conversations.Unit.Tests.Grains.Tools.Mcp;

public sealed class McpToolsTests
{
    [Theory]
    [InlineData("read", "files_read")]
    [InlineData("read_file", "files_read_file")]
    [InlineData("fs/read.all", "files_fs_read_all")]
    public void NameOf_AnyTool_IsANameAModelCanSay(string tool, string name) => Assert.Equal(name, Tools(new()).NameOf(tool));

    [Theory]
    [InlineData(false, false, false, false, false)]
    [InlineData(false, true, true, false, false)]
    [InlineData(true, true, false, false, true)]
    [InlineData(true, false, true, false, true)]
    [InlineData(true, false, false, false, false)]
    [InlineData(false, false, false, true, true)]
    public void Read_Hints_CountOnlyIfTheyAreTrusted(bool trusted, bool readOnly, bool idempotent, bool configured, bool expected)
    {
        var options = new McpServerOptions { TrustHints = trusted };
        if (configured) options.Idempotent.Add("t");
        var declared = new Tool { Name = "t", Annotations = new ToolAnnotations { ReadOnlyHint = readOnly, IdempotentHint = idempotent } };
        Assert.Equal(expected, Tools(options).Read([declared]).Usable["t"].IsIdempotent);
    }

    [Fact]
    public void Read_ToolWithoutAnnotations_IsNotIdempotentAlsoIfHintsAreTrusted() =>
        Assert.False(Tools(new() { TrustHints = true }).Read([new Tool { Name = "t" }]).Usable["t"].IsIdempotent);

    [Fact]
    public void Read_Configured_LimitsWhatThereIsAndHowItIsCalled()
    {
        var options = new McpServerOptions { TimeoutSeconds = 7 };
        options.Tools.Add("a");
        options.Tools.Add("b");
        options.NeedsApproval.Add("b");
        var (usable, unusable) = Tools(options).Read([new Tool { Name = "a", Description = "does a" }, new Tool { Name = "b", Title = "B" }, new Tool { Name = "c" }]);
        Assert.Equal(["a", "b"], usable.Keys.Order());
        Assert.Equal(("does a", false), (usable["a"].Description, usable["a"].NeedsApproval));
        Assert.Equal(("B", true), (usable["b"].Description, usable["b"].NeedsApproval));
        Assert.Equal(TimeSpan.FromSeconds(7), usable["a"].Timeout);
        Assert.Empty(unusable);
    }

    [Fact]
    public void Read_WhatCannotBeOffered_IsNamed()
    {
        var elsewhere = new Tool { Name = "e", InputSchema = JsonElement.Parse("""{"type":"object","properties":{"a":{"$ref":"http://elsewhere/x"}}}""") };
        var inside = new Tool { Name = "i", InputSchema = JsonElement.Parse("""{"type":"object","properties":{"a":{"$ref":"#/$defs/x"}},"$defs":{"x":{"type":"string"}}}""") };
        var (usable, unusable) = Tools(new()).Read([elsewhere, inside, new Tool { Name = new string('n', 60) }, new Tool { Name = "x.y" }, new Tool { Name = "x/y" }]);
        Assert.Equal(["i", "x.y"], usable.Keys.Order());
        Assert.Equal(["e", new string('n', 60), "x/y"], unusable.Order());
    }

    [Fact]
    public void Unknown_Tool_IsWhatTheConfigurationSays()
    {
        var options = new McpServerOptions { TrustHints = true };
        options.Idempotent.Add("*");
        var tool = Tools(options).Unknown("find");
        Assert.Equal(("files_find", true), (tool.Name, tool.IsIdempotent));
    }

    private static McpTools Tools(McpServerOptions options) => new("files", options, (_, _, _) => Task.FromResult(""));
}
