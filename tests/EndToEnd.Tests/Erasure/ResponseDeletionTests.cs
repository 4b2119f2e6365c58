using System.Net;
using System.Text.Json.Nodes;
using Conversations.EndToEnd.Tests.Callers;

namespace Conversations.EndToEnd.Tests.Erasure;

/// <summary><c>DELETE /responses/{id}</c>.</summary>
[Collection(RunningClusterGroup.Name)]
public sealed class ResponseDeletionTests(RunningCluster cluster)
{
    private readonly string _session = RunningCluster.NewSession();

    [Fact]
    public async Task Response_Deleted_IsGoneAndItsItemsStay()
    {
        var body = Caller.Turn(_session, "one");
        body["instructions"] = $"secret {_session}";
        var answer = (await cluster.Caller().PostAsync("responses", body)).Ok();
        var deleted = (await cluster.Caller(1).DeleteAsync($"responses/{answer.Id}")).Ok();

        Assert.Equal((answer.Id, "response", true), (deleted.Id, (string)deleted.Body["object"]!, (bool)deleted.Body["deleted"]!));
        Assert.Equal(HttpStatusCode.NotFound, (await cluster.Caller().GetAsync($"responses/{answer.Id}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await cluster.Caller().DeleteAsync($"responses/{answer.Id}")).Status);
        var next = await cluster.Caller().PostAsync("responses", new JsonObject { ["input"] = "two", ["previous_response_id"] = answer.Id });
        Assert.Equal((HttpStatusCode.NotFound, "previous_response_not_found"), (next.Status, next.ErrorCode));
        Assert.Equal(["user: one", "assistant: echo: one"], await cluster.Caller().TranscriptAsync(_session));
        await using var command = cluster.Database.CreateCommand("select count(*) from conversations.turn where options::text like '%' || $1 || '%'");
        command.Parameters.AddWithValue($"secret {_session}");
        Assert.Equal(0L, await command.ExecuteScalarAsync());
    }

    [Fact]
    public async Task Item_Deleted_IsInNoAnswerAboutItsResponseAnyMore()
    {
        var key = ("Idempotency-Key", _session);
        var answer = (await cluster.Caller().SayAsync(_session, "secret", key)).Ok();
        foreach (var item in (await cluster.Caller().GetAsync($"conversations/{_session}/items")).Ok().Body["data"]!.AsArray())
        {
            (await cluster.Caller(1).DeleteAsync($"conversations/{_session}/items/{(string)item!["id"]!}")).Ok();
        }

        using var replay = await cluster.Caller().ResumeAsync(answer.Id);
        Assert.DoesNotContain(await replay.ToEndAsync(), e => e.Frame.Contains("secret", StringComparison.Ordinal));
        Assert.DoesNotContain("secret", (await cluster.Caller(1).SayAsync(_session, "secret", key)).Ok().Text, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", (await cluster.Caller().GetAsync($"responses/{answer.Id}")).Ok().Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Response_DeletedWhileItRuns_IsCancelledFirst()
    {
        var held = cluster.Script.Hold(_session);
        using var stream = await cluster.Caller().StreamAsync(_session, $"Tell {_session}");
        await stream.DeltasAsync(held.PiecesBefore);
        (await cluster.Caller(1).DeleteAsync($"responses/{stream.Id}")).Ok();
        await (await held.Held).Abandoned.WaitAsync(Deadline.Length);
        held.GoOn();

        Assert.Equal("cancelled", (string?)(await stream.ToEndAsync())[^1].Response["status"]);
        Assert.Equal(HttpStatusCode.NotFound, (await cluster.Caller().GetAsync($"responses/{stream.Id}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await cluster.CallerOf("other").DeleteAsync($"responses/{stream.Id}")).Status);
    }
}
