using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Conversations.Client.OpenAI.Shapes;
using Conversations.History;
using Conversations.Turns;
using Conversations.Unit.Tests.Client.Grpc;

namespace Conversations.Unit.Tests.Client.OpenAI;

public sealed class DraftEndpointsTests(OpenAIHost host) : IClassFixture<OpenAIHost>
{
    private static readonly string Response = new ResponseId("user-42", Samples.TurnId).ToString();

    [Fact]
    public async Task InputTokens_OfARequest_AreCounted()
    {
        var (status, answer) = await PostAsync("responses/input_tokens", $$"""{"input": "hi", "previous_response_id": "{{Response}}", "instructions": "Be brief."}""");

        Assert.Equal((HttpStatusCode.OK, """{"input_tokens":42,"object":"response.input_tokens"}"""), (status, answer.ToJsonString()));
        var draft = host.Drafts.Last!;
        Assert.Equal(("dev", "user-42", Samples.TurnId, false), (draft.Tenant, draft.After?.Session, draft.After?.AfterTurn, draft.MakesSession));
        Assert.Equal(("Be brief.", 1), (draft.Options.Instructions, draft.Input.Length));
    }

    [Theory]
    [InlineData("", null, false)]
    [InlineData("""{"conversation": "user-42"}""", "user-42", true)]
    [InlineData("""{"conversation": {"id": "conv_1"}}""", "conv_1", false)]
    public async Task InputTokens_OfLittle_AreCountedToo(string body, string? session, bool makes)
    {
        var (status, _) = await PostAsync("responses/input_tokens", body);

        Assert.Equal((HttpStatusCode.OK, session, makes), (status, host.Drafts.Last!.After?.Session, host.Drafts.Last.MakesSession));
        Assert.Empty(host.Drafts.Last.Input);
    }

    [Fact]
    public async Task Compact_History_IsItsUsersWordsAndACompactionThatCanBeSentBack()
    {
        var (status, answer) = await PostAsync("responses/compact", """{"model": "demo", "input": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Ho"}]}""");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(["id", "created_at", "output", "usage", "object"], answer.Select(member => member.Key));
        Assert.Equal("response.compaction", (string?)answer["object"]);
        Assert.StartsWith("resp_", (string)answer["id"]!, StringComparison.Ordinal);
        Assert.Equal(["message", "compaction"], answer["output"]!.AsArray().Select(item => (string?)item!["type"]));
        Assert.StartsWith("cmp_", (string)answer["output"]![1]!["id"]!, StringComparison.Ordinal);
        Assert.Equal(
            """{"input_tokens":7,"input_tokens_details":{"cached_tokens":2,"cache_write_tokens":0},"output_tokens":3,"output_tokens_details":{"reasoning_tokens":1},"total_tokens":10}""",
            answer["usage"]!.ToJsonString());

        (status, _) = await PostAsync("responses", new JsonObject { ["input"] = answer["output"]!.DeepClone() }.ToJsonString());
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(new Compaction("They greeted."), host.Sessions.LastRequest!.Input[1]);
    }

    [Theory]
    [InlineData("{}", "missing_required_parameter", "model")]
    [InlineData("""{"model": null, "input": "hi"}""", "missing_required_parameter", "model")]
    [InlineData("""{"model": "demo"}""", "missing_required_parameter", "input")]
    [InlineData("""{"model": "demo", "input": [{"type": "compaction"}]}""", "missing_required_parameter", "input[0].encrypted_content")]
    [InlineData("""{"model": "demo", "previous_response_id": "resp_x"}""", "previous_response_not_found", "previous_response_id")]
    public async Task Compact_RuleBroken_NamesTheParameter(string body, string code, string param)
    {
        var (_, answer) = await PostAsync("responses/compact", body);

        Assert.Equal((code, param), ((string?)answer["error"]!["code"], (string?)answer["error"]!["param"]));
    }

    [Theory]
    [InlineData("rate_limit_exceeded", HttpStatusCode.TooManyRequests)]
    [InlineData("model_unavailable", HttpStatusCode.BadGateway)]
    public async Task Compact_WhoseModelFails_SaysSo(string code, HttpStatusCode expected)
    {
        var good = host.Drafts.Compacted;
        host.Drafts.Compacted = good with { Error = new TurnError(code, "Try again later.") };
        var (status, answer) = await PostAsync("responses/compact", """{"model": "demo", "input": "hi"}""");
        host.Drafts.Compacted = good;

        Assert.Equal((expected, code), (status, (string?)answer["error"]!["code"]));
    }

    private async Task<(HttpStatusCode Status, JsonObject Answer)> PostAsync(string path, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await host.Client.PostAsync(path, content);
        return (answer.StatusCode, JsonNode.Parse(await answer.Content.ReadAsByteArrayAsync())!.AsObject());
    }
}
