using Conversations.Turns;
using static Conversations.Cluster.Tests.SessionCluster;

namespace Conversations.Cluster.Tests.Sessions;

/// <summary>What a caller asks of a reply arrives at the model.</summary>
[Collection("cluster")]
public sealed class ReplyFormTests(SessionCluster cluster)
{
    [Fact]
    public async Task Options_OfARequest_ReachTheModel()
    {
        var key = cluster.NewKey();
        var options = new TurnOptions
        {
            Agent = "scripted",
            Instructions = "Be brief.",
            Temperature = 0.5,
            TopP = 0.25,
            MaxOutputTokens = 77,
            TextJson = """{"format":{"type":"json_schema","name":"answer","schema":{"type":"object","properties":{"a":{"type":"string"}}},"strict":true}}""",
            ReasoningJson = """{"effort":"low"}""",
        };
        var submitted = await cluster.Session(key).SubmitAsync(Say("hi") with { Options = options });
        await cluster.EventsAsync(key, submitted.Turn.Id);
        var body = cluster.Model.Requests[^1].Body;

        Assert.Equal(["system: Be brief.", "user: hi"], cluster.Model.Requests[^1].Messages);
        Assert.Equal(0.5, (double)body["temperature"]!);
        Assert.Equal(0.25, (double)body["top_p"]!);
        Assert.Equal(77, (int)(body["max_completion_tokens"] ?? body["max_tokens"])!);
        Assert.Equal("low", (string?)body["reasoning_effort"]);
        Assert.Equal("answer", (string?)body["response_format"]!["json_schema"]!["name"]);
        Assert.Equal("string", (string?)body["response_format"]!["json_schema"]!["schema"]!["properties"]!["a"]!["type"]);
        Assert.True((bool)body["response_format"]!["json_schema"]!["strict"]!);
    }
}
