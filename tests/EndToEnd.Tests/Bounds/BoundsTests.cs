using System.Net;
using Conversations.Client.Grpc.V1;
using Conversations.EndToEnd.Tests.Callers;
using Conversations.EndToEnd.Tests.Models;
using Grpc.Core;
using Grpc.Net.Client;

namespace Conversations.EndToEnd.Tests.Bounds;

/// <summary>What a caller is told past a bound, on both wires.</summary>
[Collection(SmallClusterGroup.Name)]
public sealed class BoundsTests(SmallCluster cluster) : IDisposable
{
    // The defaults of Sessions:InputLength and Sessions:OutputTokens.
    private const int InputLength = 4_194_304;
    private const int OutputTokens = 131_072;

    public void Dispose() => cluster.Model.Reply(r => $"echo: {r.LastUser}");

    [Theory]
    [InlineData('x', 0, null)]
    [InlineData('x', 1, "input")]
    [InlineData('€', 0, null)]
    [InlineData('€', 1, "input")]
    public async Task InputLength_AtAndPastTheBound_IsTakenAndRefusedByName(char letter, int past, string? parameter)
    {
        cluster.Model.Reply(_ => "read");
        var answer = await cluster.Caller().SayAsync(RunningCluster.NewSession(), new string(letter, InputLength + past));
        Assert.Equal(parameter is null ? HttpStatusCode.OK : HttpStatusCode.RequestEntityTooLarge, answer.Status);
        Assert.Equal(parameter, (string?)answer.Body["error"]?["param"]);
        Assert.Equal(parameter is null ? null : "too_large", answer.ErrorCode);
    }

    [Theory]
    [InlineData(OutputTokens, HttpStatusCode.OK, null)]
    [InlineData(OutputTokens + 1, HttpStatusCode.BadRequest, "max_output_tokens")]
    public async Task OutputTokens_AtAndPastTheBound_AreTakenAndRefusedByName(int tokens, HttpStatusCode status, string? parameter)
    {
        var body = Caller.Turn(RunningCluster.NewSession(), "hi");
        body["max_output_tokens"] = tokens;
        var answer = await cluster.Caller().PostAsync("responses", body);
        Assert.Equal((status, parameter), (answer.Status, (string?)answer.Body["error"]?["param"]));
    }

    [Fact]
    public async Task TurnsOfATenant_PastTheBound_AreRefusedOnBothWires()
    {
        var held = new HeldReply("one", " two");
        cluster.Model.Reply(held.SayAsync);
        var first = cluster.Caller().SayAsync(RunningCluster.NewSession(), "hold");
        await held.Held.WaitAsync(Deadline.Length);

        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(cluster.Processes.Gateways[0].HttpUrl, "/v1/responses"))
        {
            Content = new StringContent("""{"input":"more"}""", System.Text.Encoding.UTF8, "application/json"),
            Headers = { { "Authorization", $"Bearer {Caller.DevelopmentKey}" } },
        };
        using var refused = await http.SendAsync(request);
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.Equal("1", Answer.HeaderOf(refused, "retry-after"));
        Assert.Contains("rate_limit_exceeded", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        using var channel = GrpcChannel.ForAddress(cluster.Processes.Gateways[0].GrpcUrl);
        var more = new Message { Role = Role.User, Content = { new ContentPart { InputText = new InputText { Text = "more" } } } };
        var wish = new TurnRequest { SessionId = RunningCluster.NewSession(), Input = { new InputItem { Message = more } } };
        var fault = await Assert.ThrowsAsync<RpcException>(async () =>
            await new Client.Grpc.V1.Conversations.ConversationsClient(channel).SubmitAsync(
                wish, new Metadata { { "authorization", $"Bearer {Caller.DevelopmentKey}" } }, TimeProvider.System.GetUtcNow().UtcDateTime + Deadline.Length));
        Assert.Equal(StatusCode.ResourceExhausted, fault.StatusCode);
        Assert.Contains("try again when one of them has ended", fault.Status.Detail, StringComparison.Ordinal);

        held.GoOn();
        (await first).Ok();
        (await cluster.Caller().SayAsync(RunningCluster.NewSession(), "more")).Ok();
    }
}
