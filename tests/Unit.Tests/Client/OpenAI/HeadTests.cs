using System.Net;
using Conversations.Client.OpenAI.Shapes;
using Conversations.Unit.Tests.Client.Grpc;

namespace Conversations.Unit.Tests.Client.OpenAI;

public sealed class HeadTests(OpenAIHost host) : IClassFixture<OpenAIHost>
{
    private static readonly string Response = new ResponseId("user-42", Samples.TurnId).ToString();

    [Theory]
    [InlineData("models", "application/json")]
    [InlineData("conversations/user-42", "application/json")]
    [InlineData("conversations/user-42/items?limit=1", "application/json")]
    [InlineData("responses/RESPONSE", "application/json")]
    [InlineData("responses/resp_nothing", "application/json")]
    [InlineData("openapi.json", "application/json")]
    [InlineData("responses/RESPONSE?stream=true", "text/event-stream")]
    [InlineData("conversations/user-42/events", "text/event-stream")]
    public async Task Head_OfAGetAddress_IsItsAnswerWithoutTheBody(string path, string type)
    {
        path = path.Replace("RESPONSE", Response, StringComparison.Ordinal);
        using var get = await host.Client.GetAsync(path, HttpCompletionOption.ResponseHeadersRead);
        using var request = new HttpRequestMessage(HttpMethod.Head, path);
        using var head = await host.Client.SendAsync(request);

        Assert.Equal((get.StatusCode, type), (head.StatusCode, head.Content.Headers.ContentType?.MediaType));
        Assert.Empty(await head.Content.ReadAsByteArrayAsync());
        Assert.Equal(Names(get), Names(head));
    }

    [Fact]
    public async Task Head_OfAStream_FollowsNothing()
    {
        host.Sessions.First = _ => host.Sessions.LastStep == "FollowAsync" ? throw new InvalidOperationException() : Task.CompletedTask;
        using var request = new HttpRequestMessage(HttpMethod.Head, $"responses/{Response}?stream=true");
        using var head = await host.Client.SendAsync(request);
        host.Sessions.First = _ => Task.CompletedTask;

        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        // The connection is as good as new.
        Assert.Equal(HttpStatusCode.OK, (await host.Client.GetAsync("models")).StatusCode);
    }

    [Fact]
    public async Task Head_WithoutAKey_IsRefused()
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Head, new Uri(host.Url, "models"));

        Assert.Equal(HttpStatusCode.Unauthorized, (await client.SendAsync(request)).StatusCode);
    }

    private static IEnumerable<string> Names(HttpResponseMessage answer) => answer.Headers.Select(header => header.Key)
        .Except(["Transfer-Encoding"], StringComparer.OrdinalIgnoreCase).Order(StringComparer.Ordinal);
}
