using System.Net;
using System.Text.Json.Nodes;

namespace Conversations.Unit.Tests.Client.OpenAI;

public sealed class KnownPathsTests(OpenAIHost host) : IClassFixture<OpenAIHost>
{
    [Theory]
    [InlineData("GET", "responses", "POST")]
    [InlineData("PUT", "responses", "GET, POST")]
    [InlineData("PATCH", "conversations", "GET, HEAD, POST")]
    [InlineData("POST", "responses/resp_1", "DELETE, GET, HEAD")]
    [InlineData("GET", "responses/resp_1/cancel", "POST")]
    [InlineData("DELETE", "models/demo", "GET, HEAD")]
    [InlineData("PUT", "conversations/a/items/b", "DELETE, GET, HEAD")]
    [InlineData("POST", "openapi.json", "GET, HEAD")]
    [InlineData("POST", "conversations.proto", "GET, HEAD")]
    [InlineData("OPTIONS", "conversations/a", "DELETE, GET, HEAD, POST, PUT")]
    public async Task Request_OfAnotherMethod_IsToldTheRightOnes(string method, string path, string allow)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using var answer = await host.Client.SendAsync(request);

        Assert.Equal((HttpStatusCode.MethodNotAllowed, allow), (answer.StatusCode, string.Join(", ", answer.Content.Headers.Allow)));
        Assert.Equal("method_not_allowed", (string?)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["error"]!["code"]);
    }

    [Theory]
    [InlineData("HEAD", "responses", HttpStatusCode.MethodNotAllowed)]
    [InlineData("HEAD", "nothing", HttpStatusCode.NotFound)]
    [InlineData("GET", "nothing/at/all", HttpStatusCode.NotFound)]
    [InlineData("GET", "conversations/%zz", HttpStatusCode.NotFound)]
    public async Task Request_OfNoEndpoint_IsAnsweredInTheDialect(string method, string path, HttpStatusCode status)
    {
        using var request = new HttpRequestMessage(
            new HttpMethod(method), new Uri($"{host.Url}{path}", new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
        using var answer = await host.Client.SendAsync(request);

        Assert.Equal((status, "application/json"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
    }
}
