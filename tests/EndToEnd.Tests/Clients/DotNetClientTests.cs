using System.ClientModel;
using System.ClientModel.Primitives;
using Conversations.EndToEnd.Tests.Callers;
using OpenAI.Conversations;
using OpenAI.Responses;

namespace Conversations.EndToEnd.Tests.Clients;

/// <summary>The stock NuGet package <c>OpenAI</c>.</summary>
[Collection(RunningClusterGroup.Name)]
public sealed class DotNetClientTests(RunningCluster cluster)
{
    [Fact]
    public async Task Conversation_OverTwoGateways_Remembers()
    {
        var session = RunningCluster.NewSession();
        ResponseResult first = await Responses(0).CreateResponseAsync(Turn(session, $"one {session}"), CancellationToken.None);
        ResponseResult second = await Responses(1).CreateResponseAsync(Turn(session, $"two {session}"), CancellationToken.None);
        ResponseResult fetched = await Responses(0).GetResponseAsync(second.Id);

        Assert.Equal($"echo: one {session}", first.GetOutputText());
        Assert.Equal(ResponseStatus.Completed, first.Status);
        Assert.Equal(session, second.ConversationOptions.ConversationId);
        Assert.Equal(second.GetOutputText(), fetched.GetOutputText());
        Assert.Equal(3, Assert.Single(cluster.AskedAbout($"two {session}")).Messages.Count);
    }

    [Fact]
    public async Task PreviousResponse_WithoutAConversation_Continues()
    {
        var said = RunningCluster.NewSession();
        ResponseResult first = await Responses(0).CreateResponseAsync("scripted", $"one {said}");
        ResponseResult second = await Responses(1).CreateResponseAsync("scripted", $"two {said}", first.Id);

        Assert.Equal(first.Id, second.PreviousResponseId);
        Assert.Equal(3, Assert.Single(cluster.AskedAbout($"two {said}")).Messages.Count);
    }

    [Fact]
    public async Task Stream_HostingSiloKilled_EndsCompleted()
    {
        var session = RunningCluster.NewSession();
        var held = cluster.Script.Hold(session);
        await Responses(0).CreateResponseAsync(Turn(session, "before"), CancellationToken.None);
        var host = await cluster.HostOfAsync(session);
        var updates = new List<StreamingResponseUpdate>();
        try
        {
            var options = Turn(session, $"Tell {session}");
            options.StreamingEnabled = true;
            await foreach (var update in await Responses(0).CreateResponseStreamingAsync(options, Deadline.Token))
            {
                updates.Add(update);
                if (updates.OfType<StreamingResponseOutputTextDeltaUpdate>().Count() != held.PiecesBefore || !host.IsRunning) continue;
                await host.KillAsync();
                held.GoOn();
            }

            var end = Assert.IsType<StreamingResponseCompletedUpdate>(updates[^1]);
            Assert.Equal(held.Text, end.Response.GetOutputText());
            StreamRules.AssertCompleted([.. updates.Select(u => StreamEvent.OfJson(ModelReaderWriter.Write(u).ToString()))], held.Text);
            Assert.Equal(
                ["user: before", "assistant: echo: before", $"user: Tell {session}", $"assistant: {held.Text}"],
                await cluster.Caller(1).TranscriptAsync(session));
        }
        finally
        {
            await RunningCluster.ReviveAsync(host);
        }
    }

    [Fact]
    public async Task ConversationClient_CreatesAppendsListsAndDeletes()
    {
        var client = new ConversationClient(new ApiKeyCredential(Caller.DevelopmentKey), new ConversationClientOptions { Endpoint = Endpoint(0) });
        ConversationResource made = await client.CreateConversationAsync(new ConversationCreationOptions());
        using var items = BinaryContent.Create(BinaryData.FromString("""{"items":[{"role":"user","content":"noted"}]}"""));
        await client.CreateConversationItemsAsync(made.Id, items);
        await Responses(1).CreateResponseAsync(Turn(made.Id, "and?"), CancellationToken.None);

        Assert.Equal(["user: noted", "user: and?", "assistant: echo: and?"], await cluster.Caller().TranscriptAsync(made.Id));
        ConversationDeletionResult deleted = await client.DeleteConversationAsync(made.Id);
        Assert.Equal(made.Id, deleted.ConversationId);
        var gone = await Assert.ThrowsAsync<ClientResultException>(() => client.GetConversationAsync(made.Id));
        Assert.Equal(404, gone.Status);
    }

    [Fact]
    public async Task Key_Unknown_IsRefused()
    {
        var stranger = new ResponsesClient(new ApiKeyCredential("no-such-key"), new ResponsesClientOptions { Endpoint = Endpoint(0) });

        var refused = await Assert.ThrowsAsync<ClientResultException>(() => stranger.CreateResponseAsync("scripted", "hi"));

        Assert.Equal(401, refused.Status);
        Assert.Contains("invalid_api_key", refused.Message, StringComparison.Ordinal);
    }

    private static CreateResponseOptions Turn(string session, string text) =>
        new("scripted", [ResponseItem.CreateUserMessageItem(text)]) { ConversationOptions = new ResponseConversationOptions(session) };

    private ResponsesClient Responses(int gateway) =>
        new(new ApiKeyCredential(Caller.DevelopmentKey), new ResponsesClientOptions { Endpoint = Endpoint(gateway) });

    private Uri Endpoint(int gateway) => new(cluster.Processes.Gateways[gateway].HttpUrl, "/v1");
}
