using System.Net;
using System.Text.Json.Nodes;
using Conversations.EndToEnd.Tests.Callers;

namespace Conversations.EndToEnd.Tests.Auth;

[Collection(RunningClusterGroup.Name)]
public sealed class ApiKeyTests(RunningCluster cluster)
{
    [Theory]
    [InlineData(null, "responses")]
    [InlineData("no-such-key", "responses")]
    [InlineData("", "responses")]
    [InlineData("DEV-KEY", "conversations")]
    public async Task Request_WithoutAKnownKey_IsRefusedInTheDialect(string? key, string path)
    {
        var answer = await new Caller(cluster.Processes.Gateways[0].HttpUrl, key).PostAsync(path, new JsonObject { ["input"] = "hi" });

        Assert.Equal(HttpStatusCode.Unauthorized, answer.Status);
        Assert.Equal("invalid_api_key", answer.ErrorCode);
        Assert.Equal("invalid_request_error", (string?)answer.Body["error"]!["type"]);
        Assert.Equal(["message", "type", "param", "code"], answer.Body["error"]!.AsObject().Select(member => member.Key));
    }
}
