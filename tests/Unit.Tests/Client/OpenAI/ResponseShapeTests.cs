using System.Text.Json;
using Conversations.Client.OpenAI.Shapes;
using Conversations.Client.OpenAI.Wire;
using Conversations.Sessions;
using Conversations.Turns;
using Conversations.Unit.Tests.Client.Sessions;

namespace Conversations.Unit.Tests.Client.OpenAI;

public sealed class ResponseShapeTests
{
    private static readonly SessionKey Key = SessionKey.Parse("acme/42");

    [Fact]
    public void Of_TurnInProgress_WritesEveryKey() => Assert.Equal(
        """
        {"id":"resp_AQARIjNEVWZ3iJmqu8zd7v80Mg","object":"response","created_at":1767323045,"completed_at":null,"status":"in_progress","background":false,"conversation":null,"error":null,"incomplete_details":null,"instructions":null,"max_output_tokens":null,"max_tool_calls":null,"metadata":{},"model":"demo","output":[],"parallel_tool_calls":true,"previous_response_id":null,"prompt_cache_key":null,"reasoning":null,"safety_identifier":null,"service_tier":"default","store":true,"temperature":1,"top_p":1,"presence_penalty":0,"frequency_penalty":0,"top_logprobs":0,"text":{"format":{"type":"text"}},"tool_choice":"auto","tools":[],"truncation":"auto","usage":null}
        """,
        Json(ATurn.Running("a")));

    // Between two calls of the model, or while a person is asked.
    [Fact]
    public void Of_TurnInProgressThatUsedSome_HasNoUsageYet()
    {
        var json = JsonElement.Parse(Json(ATurn.Running("a") with { Usage = new Usage(10, 5, 2, 1) }));

        Assert.Equal(JsonValueKind.Null, json.GetProperty("usage").ValueKind);
    }

    [Fact]
    public void Of_CompletedTurn_HasOutputAndUsage()
    {
        var turn = ATurn.Ended(TurnStatus.Completed, "a") with
        {
            Usage = new Usage(10, 5, 2, 1),
            Options = new TurnOptions { Agent = "demo", NamesSession = true },
        };

        var json = JsonElement.Parse(Json(turn, ATurn.Said(0, 2, "Grüße, <Sam> 😀")));

        Assert.Equal("completed", json.GetProperty("status").GetString());
        Assert.Equal(1767323047, json.GetProperty("completed_at").GetInt64());
        Assert.Equal("""{"id":"42"}""", json.GetProperty("conversation").GetRawText());
        Assert.Equal(
            """{"input_tokens":10,"input_tokens_details":{"cached_tokens":2,"cache_write_tokens":0},"output_tokens":5,"output_tokens_details":{"reasoning_tokens":1},"total_tokens":15}""",
            json.GetProperty("usage").GetRawText());
        Assert.Equal(
            """[{"type":"message","status":"completed","role":"assistant","content":[{"type":"output_text","text":"Grüße, <Sam> \uD83D\uDE00","annotations":[],"logprobs":[]}],"id":"msg_ABEiM0RVZneImaq7zN3u_wAAAAAAAQ"}]""",
            json.GetProperty("output").GetRawText());
    }

    [Theory]
    [InlineData(TurnStatus.Queued, "queued")]
    [InlineData(TurnStatus.InProgress, "in_progress")]
    [InlineData(TurnStatus.Completed, "completed")]
    [InlineData(TurnStatus.Incomplete, "incomplete")]
    [InlineData(TurnStatus.Failed, "failed")]
    [InlineData(TurnStatus.Cancelled, "cancelled")]
    public void Of_Status_IsNamed(TurnStatus status, string name) =>
        Assert.Equal(name, ResponseShape.Of(Key, ATurn.Running("a") with { Status = status }, []).Status);

    [Fact]
    public void Of_FailedTurn_SaysWhy()
    {
        var response = ResponseShape.Of(Key, ATurn.Ended(TurnStatus.Failed, "a") with { Error = new TurnError("server_error", "It broke.") }, []);

        Assert.Equal(new WireResponseError("server_error", "It broke."), response.Error);
        Assert.Null(response.CompletedAt);
    }

    [Fact]
    public void Of_ErasedItem_IsLeftOut() =>
        Assert.Empty(ResponseShape.Of(Key, ATurn.Ended(TurnStatus.Completed, "a"), [ATurn.Said(0, 2, "x") with { Body = null }]).Output);

    private static string Json(Turn turn, params Conversations.History.Item[] output) =>
        JsonSerializer.Serialize(ResponseShape.Of(Key, turn, output), WireJson.Context.WireResponse);
}
