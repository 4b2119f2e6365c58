using System.Net;

namespace Conversations.EndToEnd.Tests.Lists;

/// <summary><c>GET /models</c>.</summary>
[Collection(RunningClusterGroup.Name)]
public sealed class ModelListTests(RunningCluster cluster)
{
    [Fact]
    public async Task Models_AreTheAgents()
    {
        var list = (await cluster.Caller().GetAsync("models")).Ok();
        var one = (await cluster.Caller(1).GetAsync("models/scripted")).Ok();
        var none = await cluster.Caller().GetAsync("models/none");

        Assert.Contains(list.Body["data"]!.AsArray(), model => (string)model!["id"]! == "scripted");
        Assert.Equal(("scripted", "model"), (one.Id, (string)one.Body["object"]!));
        Assert.Equal((HttpStatusCode.NotFound, "model_not_found"), (none.Status, none.ErrorCode));
    }
}
