using System.Text;
using Conversations.Client.OpenAI.Errors;
using Conversations.Client.OpenAI.Parsing;
using Microsoft.AspNetCore.Http;

namespace Conversations.Unit.Tests.Client.OpenAI;

public sealed class RequestBodyTests
{
    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{} {}")]
    [InlineData("{\"input\": \"a\", \"input\": \"b\"}")]
    [InlineData("{\"metadata\": {\"a\": \"1\", \"\\u0061\": \"2\"}}")]
    public void Parse_NoSoundJson_IsRefused(string json)
    {
        var error = Body.Refusal(() => Body.Of(json));

        Assert.Equal((400, "invalid_json"), (error.Status, error.Code));
    }

    [Fact]
    public void Parse_TooDeep_IsRefused() =>
        Assert.Equal("invalid_json", Body.Refusal(() => Body.Of($"{{\"input\": {new string('[', 80)}{new string(']', 80)}}}")).Code);

    [Fact]
    public void Parse_NoUtf8_IsRefused() =>
        Assert.Equal("invalid_json", Body.Refusal(() => RequestBody.Parse("{\"input\": \"\xFF\"}"u8.ToArray().Select(b => b == 0xC3 ? (byte)0xFF : b).ToArray())).Code);

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
