using System.Text.Json;
using Conversations.Client.OpenAI.Shapes;
using Conversations.Client.OpenAI.Wire;
using Conversations.History;
using Conversations.Unit.Tests.Client.Grpc;

namespace Conversations.Unit.Tests.Client.OpenAI;

public sealed class ItemShapeTests
{
    [Fact]
    public void Of_EveryKindOfBody_HasTheTypeThatItIsStoredUnder()
    {
        foreach (var body in Samples.Bodies)
        {
            var stored = JsonSerializer.SerializeToElement(body);

            var shown = JsonElement.Parse(Json(body));

            Assert.Equal(stored.GetProperty("type").GetString(), shown.GetProperty("type").GetString());
            Assert.StartsWith(body.IdPrefix, shown.GetProperty("id").GetString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Of_FunctionCallOutput_IsTextOrPartsAsItCame()
    {
        Assert.Equal("\"rain\"", Output(new FunctionCallOutput("c", "rain")));
        Assert.Equal(
            """[{"type":"input_text","text":"rain"},{"type":"input_image","image_url":"https://x/y.png","file_id":null,"detail":"auto"}]""",
            Output(FunctionCallOutput.Of("c", [new InputText("rain"), new InputImage("https://x/y.png", null, "auto")])));

        static string Output(ItemBody body) => JsonElement.Parse(Json(body)).GetProperty("output").GetRawText();
    }

    [Fact]
    public void Of_FileAndReasoning_HaveNoMemberThatIsNull()
    {
        var message = new Message(
            Role.User, [new InputFile("a.pdf", "YQ==", null, null), new InputFile(null, null, "https://x/y.pdf", null)]);

        Assert.Equal(
            """[{"type":"input_file","filename":"a.pdf","file_data":"YQ=="},{"type":"input_file","file_url":"https://x/y.pdf"}]""",
            JsonElement.Parse(Json(message)).GetProperty("content").GetRawText());
        Assert.Equal(
            $$"""{"type":"reasoning","status":"completed","summary":[],"id":"rs_{{Samples.Name(1, 1)}}"}""", Json(new Reasoning([], null)));
    }

    [Fact]
    public void Of_Compaction_HasEveryMemberOfTheDialect() => Assert.Equal(
        $$"""{"type":"compaction","encrypted_content":"They said hello.","id":"cmp_{{Samples.Name(1, 1)}}"}""",
        Json(new Compaction("They said hello.", 7)));

    [Fact]
    public void Of_ApprovalRequest_HasEveryMember() => Assert.Equal(
        $$"""{"type":"conversations:approval_request","status":"completed","call_id":"c","name":"launch","arguments":"{}","id":"apr_{{Samples.Name(1, 1)}}"}""",
        Json(new ApprovalRequest("c", "launch", "{}")));

    [Theory]
    [InlineData(true, null, "true", "null")]
    [InlineData(false, "Too windy.", "false", "\"Too windy.\"")]
    public void Of_ApprovalResponse_HasEveryMember(bool approve, string? reason, string approveJson, string reasonJson) => Assert.Equal(
        $$"""{"type":"conversations:approval_response","status":"completed","call_id":"c","approve":{{approveJson}},"reason":{{reasonJson}},"id":"apx_{{Samples.Name(1, 1)}}"}""",
        Json(new ApprovalResponse("c", approve, reason)));

    private static string Json(ItemBody body) => JsonSerializer.Serialize(ItemShape.Of(Samples.Output(body))!, WireJson.Context.WireItem);
}
