using System.Text.Json;
using Conversations.Grains.Tools;

namespace Conversations.Unit.Tests.Grains.Tools;

public sealed class SchemaRefsTests
{
    [Theory]
    [InlineData("""{"a":{"type":"string"}}""", """{"a":{"type":"string"}}""")]
    [InlineData("""{"a":{"$ref":"#/d/x"},"d":{"x":{"type":"string"}}}""", """{"a":{"type":"string"},"d":{"x":{"type":"string"}}}""")]
    [InlineData(
        """{"a":{"$ref":"#/d/x","description":"near"},"d":{"x":{"type":"string","description":"far"}}}""",
        """{"a":{"type":"string","description":"near"},"d":{"x":{"type":"string","description":"far"}}}""")]
    [InlineData("""{"a":[{"$ref":"#/d/x~1y/0"}],"d":{"x/y":[true,{"type":"null"}]}}""", """{"a":[{}],"d":{"x/y":[true,{"type":"null"}]}}""")]
    [InlineData("""{"a":[{"$ref":"#/d/x~1y/1"}],"d":{"x/y":[true,{"type":"null"}]}}""", """{"a":[{"type":"null"}],"d":{"x/y":[true,{"type":"null"}]}}""")]
    [InlineData("""{"a":{"$ref":"#/nowhere"}}""", """{"a":{}}""")]
    [InlineData("""{"a":{"$ref":"http://elsewhere/x"}}""", """{"a":{}}""")]
    [InlineData(
        """{"a":{"$ref":"#/d/x"},"d":{"x":{"next":{"$ref":"#/d/x"}}}}""",
        """{"a":{"next":{}},"d":{"x":{"next":{"next":{}}}}}""")]
    public void Inline_AnySchema_HasNoReferences(string schema, string expected) =>
        Assert.Equal(expected, SchemaRefs.Inline(JsonElement.Parse(schema)).GetRawText());

    [Fact]
    public void Inline_ReferencesInALongRow_AreFollowedNoDeeperThanJsonIsWritten()
    {
        var row = Enumerable.Range(0, 20_000).Select(i => $$$""" "x{{{i}}}":{"$ref":"#/d/x{{{i + 1}}}"}""");
        var schema = JsonElement.Parse($$$"""{"a":{"$ref":"#/d/x0"},"d":{ {{{string.Join(',', row)}}} }}""");
        Assert.Equal("{}", SchemaRefs.Inline(schema).GetProperty("a").GetRawText());
    }

    [Fact]
    public void Inline_SchemaThatDoublesItselfAgainAndAgain_StaysSmall()
    {
        var levels = Enumerable.Range(0, 64).Select(i => $$$"""
            "x{{{i}}}":{"a":{"$ref":"#/d/x{{{i + 1}}}"},"b":{"$ref":"#/d/x{{{i + 1}}}"}}
            """);
        var schema = JsonElement.Parse($$$"""{"a":{"$ref":"#/d/x0"},"d":{ {{{string.Join(',', levels)}}} }}""");
        Assert.InRange(SchemaRefs.Inline(schema).GetRawText().Length, 1, 1_000_000);
    }
}
