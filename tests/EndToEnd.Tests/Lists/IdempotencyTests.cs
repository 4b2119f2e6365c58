using System.Text.Json.Nodes;
using Conversations.EndToEnd.Tests.Callers;

namespace Conversations.EndToEnd.Tests.Lists;

/// <summary>Conversations made with an idempotency key.</summary>
[Collection(SmallClusterGroup.Name)]
public sealed class IdempotencyTests(SmallCluster cluster)
{
    [Fact]
    public async Task Conversation_MadeTwiceWithAKey_IsOneUnlessTheWishIsAnother()
    {
        var key = Guid.NewGuid().ToString();
        var made = (await MakeAsync("conversations", key, "birds")).Ok();
        (await cluster.Caller().PostAsync($"conversations/{made.Id}", Topic("fish"))).Ok();

        // Changed since: it is the same wish all the same.
        Assert.Equal(made.Id, (await MakeAsync("conversations", key, "birds")).Ok().Id);
        Assert.Equal((422, "idempotency_key_reused"), await RefusalAsync("conversations", key, "fish"));
    }

    [Fact]
    public async Task Fork_MadeTwiceWithAKey_IsOneUnlessTheWishIsAnother()
    {
        var session = RunningCluster.NewSession();
        await cluster.Caller().SayAsync(session, "one");
        var key = Guid.NewGuid().ToString();
        var path = $"conversations/{session}/fork";
        var made = (await MakeAsync(path, key, "birds")).Ok();

        Assert.Equal(made.Id, (await MakeAsync(path, key, "birds")).Ok().Id);
        Assert.Equal((422, "idempotency_key_reused"), await RefusalAsync(path, key, "fish"));
    }

    private static JsonObject Topic(string topic) => new() { ["metadata"] = new JsonObject { ["topic"] = topic } };

    private Task<Answer> MakeAsync(string path, string key, string topic) => cluster.Caller().PostAsync(path, Topic(topic), ("Idempotency-Key", key));

    private async Task<(int Status, string? Code)> RefusalAsync(string path, string key, string topic)
    {
        var answer = await MakeAsync(path, key, topic);
        return ((int)answer.Status, answer.ErrorCode);
    }
}
