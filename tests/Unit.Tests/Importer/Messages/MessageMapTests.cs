using System.Text.Json.Nodes;
using Conversations.Importer.Messages;

namespace Conversations.Unit.Tests.Importer.Messages;

/// <summary>The messages are as LangChain's own packages wrote them.</summary>
public sealed class MessageMapTests
{
    [Theory]
    [InlineData("""{"type":"human","data":{"content":"hi","additional_kwargs":{},"response_metadata":{}}}""")]
    [InlineData("""{"type":"human","content":"hi","additional_kwargs":{},"response_metadata":{}}""")]
    [InlineData("""{"type":"generic","data":{"content":"hi","role":"user"}}""")]
    [InlineData("""{"type":"human","data":{"content":["hi"]}}""")]
    public void Items_SomethingThatTheUserSaid_IsOneInEveryForm(string stored) =>
        AssertItems("""[{"type":"message","role":"user","content":[{"type":"input_text","text":"hi"}]}]""", stored);

    [Theory]
    [InlineData("system", "system", "input_text")]
    [InlineData("ai", "assistant", "output_text")]
    [InlineData("AIMessageChunk", "assistant", "output_text")]
    public void Items_Type_IsARole(string type, string role, string part) => AssertItems(
        $$"""[{"type":"message","role":"{{role}}","content":[{"type":"{{part}}","text":"s"}]}]""", $$"""{"type":"{{type}}","data": {"content":"s"} }""");

    [Fact]
    public void Items_ImagesAndFiles_AreParts() => AssertItems(
        """
        [{"type":"message","role":"user","content":[
          {"type":"input_text","text":"see"},
          {"type":"input_image","detail":"low","image_url":"data:image/png;base64,AA=="},
          {"type":"input_image","detail":"auto","image_url":"http://x/y.png"},
          {"type":"input_image","detail":"auto","image_url":"data:image/jpeg;base64,AA=="},
          {"type":"input_image","detail":"auto","file_id":"f1"},
          {"type":"input_file","filename":"a.pdf","file_data":"data:application/pdf;base64,AA=="},
          {"type":"input_file","filename":"b.pdf","file_url":"http://x/b.pdf"},
          {"type":"input_file","filename":"c.pdf","file_data":"data:application/pdf;base64,BB=="}]}]
        """,
        """
        {"type":"human","data":{"content":[
          {"type":"text","text":"see"},
          {"type":"image_url","image_url":{"url":"data:image/png;base64,AA==","detail":"low"}},
          {"type":"image_url","image_url":"http://x/y.png"},
          {"type":"image","source_type":"base64","data":"AA==","mime_type":"image/jpeg"},
          {"type":"image","fileId":"f1"},
          {"type":"file","source_type":"base64","data":"AA==","mime_type":"application/pdf","metadata":{"filename":"a.pdf"}},
          {"type":"file","url":"http://x/b.pdf","mimeType":"application/pdf","filename":"b.pdf"},
          {"type":"file","file":{"filename":"c.pdf","file_data":"data:application/pdf;base64,BB=="}}]}}
        """);

    [Fact]
    public void Items_Calls_FollowWhatWasSaidAndThought() => AssertItems(
        """
        [{"type":"reasoning","summary":[{"type":"summary_text","text":"hm"}]},
         {"type":"message","role":"assistant","content":[{"type":"output_text","text":"a"},{"type":"output_text","text":"b"}]},
         {"type":"function_call","call_id":"t1","name":"n","arguments":"{\"city\":\"Zürich\"}"},
         {"type":"function_call","call_id":"t2","name":"z","arguments":"{bad"}]
        """,
        """
        {"type":"ai","data":{"content":[{"type":"text","text":"a"},{"type":"reasoning","reasoning":"hm"},{"type":"text","text":"b"},{"type":"tool_use","id":"t1","name":"n","input":{}}],
          "id":"m1","tool_calls":[{"name":"n","args":{"city":"Zürich"},"id":"t1","type":"tool_call"}],
          "invalid_tool_calls":[{"name":"z","args":"{bad","id":"t2","error":"x"}],"additional_kwargs":{},"response_metadata":{}}}
        """);

    [Fact]
    public void Items_RawCalls_AreTakenAsTheModelWroteThem() => AssertItems(
        """
        [{"type":"function_call","call_id":"c1","name":"q","arguments":"{ \"a\": 1 }"},
         {"type":"function_call","call_id":"c2","name":"r","arguments":"{}"}]
        """,
        """
        {"type":"ai","data":{"content":"","tool_calls":[{"name":"q","args":{"a":1},"id":"c1"}],"additional_kwargs":{"tool_calls":[
          {"id":"c1","type":"function","function":{"name":"q","arguments":"{ \"a\": 1 }"}},{"id":"c2","type":"function","function":{"name":"r","arguments":"{}"}}]}}}
        """);

    [Fact]
    public void Items_ToolMessage_IsAnOutput() => AssertItems(
        """[{"type":"function_call_output","call_id":"call_1","output":"rain"}]""",
        """{"type":"tool","data":{"content":[{"type":"text","text":"rain"}],"tool_call_id":"call_1","name":"w"}}""");

    [Fact]
    public void Items_CallWithoutAnId_IsTiedToTheOutputOfItsName() => AssertItems(
        """
        [{"type":"function_call","call_id":"function_0","name":"f","arguments":"{}"},
         {"type":"function_call_output","call_id":"function_0","output":"r"}]
        """,
        """{"type":"ai","data":{"content":"","additional_kwargs":{"function_call":{"name":"f","arguments":"{}"}}}}""",
        """{"type":"function","data":{"content":"r","name":"f"}}""");

    [Fact]
    public void Items_AnswerWithoutWords_StaysOne() => AssertItems(
        """[{"type":"message","role":"assistant","content":[{"type":"output_text","text":""}]}]""", """{"type":"ai","data":{"content":""}}""");

    [Theory]
    [InlineData("{", "is no JSON")]
    [InlineData("null", "has no type")]
    [InlineData("""{"type":"remove","data":{"id":"x","content":[]}}""", "has the type 'remove' that no item can have")]
    [InlineData("""{"type":"generic","data":{"content":"x","role":"narrator"}}""", "has the role 'narrator' that no item can have")]
    [InlineData("""{"type":"human","data":{"content":""}}""", "says nothing")]
    [InlineData("""{"type":"human","data":{"content":[{"type":"audio","data":"AA=="}]}}""", "has a block of the type 'audio' that no item can hold")]
    [InlineData("""{"type":"human","data":{"content":"a\u0000b"}}""", "holds the character U+0000")]
    [InlineData("""{"type":"human","data":{"content":"a\ud800b"}}""", "holds half of a surrogate pair")]
    [InlineData("""{"type":"human","data":{"content":{"a":1}}}""", "has a content that is neither text nor a list of blocks")]
    [InlineData("""{"type":"tool","data":{"content":"x"}}""", "has no tool_call_id, so that no call can be told from another")]
    [InlineData("""{"type":"function","data":{"content":"r","name":"f"}}""", "is what the function 'f' came to, and nobody called that")]
    public void Items_WhatNoItemCanHold_IsToldWhy(string stored, string why) =>
        Assert.Equal(why, Assert.Throws<UnmappableException>(() => new MessageMap().Items(stored, 0)).Message);

    private static void AssertItems(string expected, params string[] stored)
    {
        var map = new MessageMap();
        var items = new JsonArray([.. stored.SelectMany((message, position) => map.Items(message, position))]);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), items), items.Write());
    }
}
