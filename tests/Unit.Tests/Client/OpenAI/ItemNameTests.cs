using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Conversations.Client.OpenAI.Shapes;
using Conversations.Unit.Tests.Client.Grpc;

namespace Conversations.Unit.Tests.Client.OpenAI;

/// <summary>Ids of other things where that of an item is wanted.</summary>
public sealed class ItemNameTests(OpenAIHost host) : IClassFixture<OpenAIHost>
{
    private static readonly string Response = new ResponseId("user-42", Samples.TurnId).ToString();

    [Theory]
    [InlineData("POST", "conversations/user-42/fork", "at_item")]
    [InlineData("POST", "conversations/user-42/fork", "before_item")]
    [InlineData("GET", "conversations/user-42/items?after=ID", "after")]
    [InlineData("GET", "responses/RESPONSE/input_items?after=ID", "after")]
    [InlineData("GET", "conversations/user-42/items/ID", "item")]
    [InlineData("DELETE", "conversations/user-42/items/ID", "item")]
    public async Task Id_OfSomethingElse_IsRefusedAndSaysWhatIsWanted(string method, string path, string param)
    {
        foreach (var id in (string[])[Response, "conv_1"])
        {
            var (status, error) = await SendAsync(method, path, param, id);
            Assert.Equal((HttpStatusCode.BadRequest, "invalid_value", param), (status, (string?)error["code"], (string?)error["param"]));
            Assert.Contains("begins with msg_", (string?)error["message"], StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("POST", "conversations/user-42/fork", "at_item", HttpStatusCode.NotFound)]
    [InlineData("GET", "conversations/user-42/items?after=ID", "after", HttpStatusCode.BadRequest)]
    [InlineData("GET", "conversations/user-42/items/ID", "item", HttpStatusCode.NotFound)]
    [InlineData("DELETE", "conversations/user-42/items/ID", "item", HttpStatusCode.NotFound)]
    public async Task Id_OfNothing_IsNotFound(string method, string path, string param, HttpStatusCode expected)
    {
        var (status, error) = await SendAsync(method, path, param, "msg_1");

        Assert.Equal(expected, status);
        Assert.DoesNotContain("begins with", (string?)error["message"], StringComparison.Ordinal);
    }

    private async Task<(HttpStatusCode Status, JsonNode Error)> SendAsync(string method, string path, string param, string id)
    {
        var place = path.Replace("RESPONSE", Response, StringComparison.Ordinal).Replace("ID", id, StringComparison.Ordinal);
        using var request = new HttpRequestMessage(new HttpMethod(method), place);
        if (method == "POST") request.Content = new StringContent($$"""{"{{param}}": "{{id}}"}""", Encoding.UTF8, "application/json");
        using var answer = await host.Client.SendAsync(request);
        return (answer.StatusCode, JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["error"]!);
    }
}
