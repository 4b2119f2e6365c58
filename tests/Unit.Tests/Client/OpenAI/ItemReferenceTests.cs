using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Conversations.Client.OpenAI.Shapes;
using Conversations.History;
using Conversations.Sessions;
using Conversations.Turns;
using Conversations.Unit.Tests.Client.Grpc;
using Conversations.Unit.Tests.Client.OpenAI.Sockets;

namespace Conversations.Unit.Tests.Client.OpenAI;

/// <summary>Items that a request only refers to, wherever it brings items.</summary>
public sealed class ItemReferenceTests(OpenAIHost host) : IClassFixture<OpenAIHost>, IDisposable
{
    private static readonly string Reference = $$"""{"type": "item_reference", "id": "msg_{{Samples.Name(3)}}"}""";
    private static readonly string Previous = new ResponseId("user-42", Samples.TurnId).ToString();

    public void Dispose()
    {
        host.Sessions.Referred = MadeUpSessions.Said;
        host.Sessions.Result = MadeUpSessions.Ended();
    }

    [Theory]
    [InlineData("responses", """ "conversation": "user-43", "input" """, "user-43", false)]
    [InlineData("responses", """ "previous_response_id": "PREVIOUS", "input" """, "user-42", true)]
    [InlineData("responses", """ "input" """, null, false)]
    [InlineData("conversations", """ "id": "user-44", "items" """, "user-44", false)]
    [InlineData("conversations/user-45/items", """ "items" """, "user-45", false)]
    public async Task Post_Reference_BringsTheItemItself(string path, string members, string? history, bool after)
    {
        host.Sessions.Result = MadeUpSessions.Ended() with { Turn = Samples.Turn with { Status = TurnStatus.Completed } };
        var answer = await PostAsync(path, $$"""{ {{members.Replace("PREVIOUS", Previous, StringComparison.Ordinal)}}: [{{Reference}}]}""");

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal("Hi", TextOf(host.Sessions.LastRequest!.Input));
        Assert.Equal(
            ("dev", history is null ? null : new ForkFrom { Session = history, AfterTurn = after ? Samples.TurnId : null }, OpenAIHost.MaxBodyBytes),
            host.Sessions.LastLookup);
    }

    [Theory]
    [InlineData("responses/input_tokens")]
    [InlineData("responses/compact")]
    public async Task Draft_Reference_BringsTheItemItself(string path)
    {
        Assert.Equal(HttpStatusCode.OK, (await PostAsync(path, $$"""{"model": "demo", "input": [{{Reference}}]}""")).Status);
        Assert.Equal("Hi", TextOf(host.Drafts.Last!.Input));
    }

    [Fact]
    public async Task Socket_Reference_BringsTheItemItself()
    {
        using var caller = await SocketCaller.OpenAsync(host.Url);
        await caller.CreateAsync($""" "input": [{Reference}] """);
        await caller.ToEndAsync();

        Assert.Equal("Hi", TextOf(host.Sessions.LastRequest!.Input));
    }

    [Theory]
    [InlineData("responses", "input")]
    [InlineData("responses/input_tokens", "input")]
    [InlineData("responses/compact", "input")]
    [InlineData("conversations", "items")]
    [InlineData("conversations/user-45/items", "items")]
    public async Task Post_ReferenceToNothing_IsNotFoundAndNothingIsMade(string path, string member)
    {
        host.Sessions.Referred = _ => null;
        var calls = 0;
        host.Sessions.First = _ => Task.FromResult(calls++);

        var (status, answer) = await PostAsync(path, $$"""{"model": "demo", "{{member}}": [{"role": "user", "content": "a"}, {{Reference}}]}""");
        host.Sessions.First = _ => Task.CompletedTask;

        Assert.Equal(
            (HttpStatusCode.NotFound, "item_not_found", $"{member}[1].id"), (status, (string?)answer["error"]!["code"], (string?)answer["error"]!["param"]));
        // The look-up alone.
        Assert.Equal(1, calls);
    }

    [Fact]
    public async Task Post_ReferenceToWhatIsThere_IsRefusedByName()
    {
        host.Sessions.Referred = id => MadeUpSessions.Said(id) with { IsInHistory = true };

        var (status, answer) = await PostAsync("responses", $$"""{"conversation": "user-42", "input": [{{Reference}}]}""");

        Assert.Equal((HttpStatusCode.BadRequest, "input[0].id"), (status, (string?)answer["error"]!["param"]));
    }

    [Fact]
    public async Task Socket_ReferenceToNothing_IsRefusedAndTheConnectionGoesOn()
    {
        host.Sessions.Referred = _ => null;
        using var caller = await SocketCaller.OpenAsync(host.Url);
        await caller.CreateAsync($""" "input": [{Reference}] """);
        var refused = (await caller.NextAsync())!;
        await caller.CreateAsync(""" "input": "hi" """);

        Assert.Equal(("error", 404, "input[0].id"), ((string?)refused["type"], (int?)refused["status"], (string?)refused["error"]!["param"]));
        Assert.Equal("response.created", (string?)(await caller.NextAsync())!["type"]);
    }

    private static string TextOf(IReadOnlyList<ItemBody> input) => ((InputText)((Message)Assert.Single(input)).Content[0]).Text;

    private async Task<(HttpStatusCode Status, JsonNode Answer)> PostAsync(string path, string json)
    {
        using var content = new StringContent(json, Encoding.UTF8, "application/json");
        using var answer = await host.Client.PostAsync(path, content);
        return (answer.StatusCode, JsonNode.Parse(await answer.Content.ReadAsStringAsync())!);
    }
}
