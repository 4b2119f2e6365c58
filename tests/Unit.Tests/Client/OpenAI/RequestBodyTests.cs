using System.Text;
using Conversations.Client.OpenAI.Errors;
using Conversations.Client.OpenAI.Parsing;
using Microsoft.AspNetCore.Http;

namespace Conversations.Unit.Tests.Client.OpenAI;

public sealed class RequestBodyTests
{
    [Theory]
    [InlineData("", null)]
    [InlineData("{", null)]
    [InlineData("{} {}", null)]
    [InlineData("{\"a\": 1, \"input\": \"x", null)]
    [InlineData("{\"input\": \"a\", \"input\": \"b\"}", "input")]
    [InlineData("{\"input\": \"a\", \"\\u0069nput\": \"b\"}", "input")]
    [InlineData("{\"metadata\": {\"a\": \"1\", \"\\u0061\": \"2\"}}", "metadata")]
    [InlineData("{\"model\": {\"a\": {}, \"b\": {\"a\": 1}}, \"input\": [{\"a\": 1}, {\"a\": 1, \"a\": 1}]}", "input")]
    public void Parse_NoSoundJson_IsRefusedByNameWhereThereIsOne(string json, string? param)
    {
        var error = Body.Refusal(() => Body.Of(json));

        Assert.Equal((400, "invalid_json", param), (error.Status, error.Code, error.Param));
    }

    [Fact]
    public void Parse_TooDeep_IsRefusedByName()
    {
        var error = Body.Refusal(() => Body.Of($"{{\"model\": [], \"input\": {new string('[', 80)}{new string(']', 80)}}}"));

        Assert.Equal(("invalid_json", "input"), (error.Code, error.Param));
    }

    [Theory]
    [InlineData("{\"model\": \"a\", \"input\": \"#\"}", "input")]
    [InlineData("{\"model\": \"a\", \"metadata\": {\"#\": \"b\"}}", "metadata")]
    [InlineData("{\"#\": \"a\"}", null)]
    [InlineData("{\"\\ud800\": \"#\"}", null)]
    [InlineData("#", null)]
    public void Parse_NoUtf8_IsRefusedByNameWhereThereIsOne(string json, string? param)
    {
        var error = Body.Refusal(() => RequestBody.Parse(Encoding.UTF8.GetBytes(json).Select(b => b == '#' ? (byte)0xFF : b).ToArray()));

        Assert.Equal(("invalid_json", param), (error.Code, error.Param));
    }

    [Theory]
    [InlineData("{\"input\": [{\"content\": \"a\\u0000b\"}]}")]
    [InlineData("{\"input\": \"\\ud83d\"}")]
    [InlineData("{\"input\": \"\\ude00\\ud83d\"}")]
    [InlineData("{\"input\": {\"a\\u0000\": 1}}")]
    public void Parse_NulOrHalfOfAPair_IsRefusedByName(string json)
    {
        var error = Body.Refusal(() => Body.Of(json));

        Assert.Equal((400, "invalid_value", "input"), (error.Status, error.Code, error.Param));
    }

    [Fact]
    public void Parse_EscapedPair_IsText() => Assert.Equal("😀\n", Body.Of("{\"input\": \"\\ud83d\\ude00\\n\"}").Required("input").Text());

    [Fact]
    public void Parse_NoObject_IsRefused() => Assert.Equal("invalid_type", Body.Refusal(() => Body.Of("[]")).Code);

    [Fact]
    public async Task ReadAsync_LargerThanItsBound_IsRefused()
    {
        var http = new DefaultHttpContext();
        http.Request.Body = new MemoryStream(Encoding.UTF8.GetBytes($"{{\"input\": \"{new string('x', 2000)}\"}}"));

        var refused = await Assert.ThrowsAsync<DialectException>(() => RequestBody.ReadAsync(http.Request, 1000, default));

        Assert.Equal(413, refused.Error.Status);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(100_000)]
    public async Task ReadAsync_InOnePieceOrMany_IsReadWhole(int length)
    {
        var text = new string('ü', length);
        var http = new DefaultHttpContext();
        http.Request.Body = new MemoryStream(Encoding.UTF8.GetBytes($"{{\"input\": \"{text}\"}}"));

        Assert.Equal(text, await RequestBody.ReadAsync(http.Request, 1_000_000, body => body.Required("input").Text(), default));
        Assert.Equal(0, (await http.Request.BodyReader.ReadAsync()).Buffer.Length);
    }

    [Theory]
    [InlineData("", "invalid_json")]
    [InlineData("[]", "invalid_type")]
    [InlineData("{\"input\": \"\\u0000\"}", "invalid_value")]
    [InlineData("{}", "missing_required_parameter")]
    public async Task ReadAsync_Unsound_IsRefused(string json, string code)
    {
        var http = new DefaultHttpContext();
        http.Request.Body = new MemoryStream(Encoding.UTF8.GetBytes(json));

        var refused = await Assert.ThrowsAsync<DialectException>(
            () => RequestBody.ReadAsync(http.Request, 1000, body => body.Required("input").Text(), default));

        Assert.Equal(code, refused.Error.Code);
    }
}
