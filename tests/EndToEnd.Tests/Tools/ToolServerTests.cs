using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Conversations.EndToEnd.Tests.Callers;
using Conversations.Testing;

namespace Conversations.EndToEnd.Tests.Tools;

/// <summary>Tool servers as operators configure them, one of them from npm.</summary>
[Collection(SmallClusterGroup.Name)]
public sealed class ToolServerTests(SmallCluster cluster) : IDisposable
{
    public void Dispose() => cluster.Model.Reply(r => $"echo: {r.LastUser}");

    [Fact]
    public async Task Tool_OfTheStockServerFromNpm_IsCalledOverTheWire()
    {
        var answer = await CallAsync("everything_echo", """{"message":"hello tools"}""");
        var output = answer.Body["output"]!.AsArray();
        Assert.Equal(["function_call", "function_call_output", "message"], output.Select(i => (string)i!["type"]!));
        Assert.Contains("hello tools", (string)output[1]!["output"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ToolServer_OfASiloThatIsKilled_EndsWithIt()
    {
        await CallAsync("lab_charge", """{"amount":1}""");
        var pid = int.Parse((await File.ReadAllLinesAsync(cluster.Effects))[^1].Split(' ')[^1], CultureInfo.InvariantCulture);
        using var server = Process.GetProcessById(pid);
        var silo = cluster.Processes.Silos[0];
        await silo.KillAsync();
        await server.WaitForExitAsync(Deadline.Token);
        await RunningCluster.ReviveAsync(silo);
        await CallAsync("lab_charge", """{"amount":2}""");
        Assert.NotEqual(pid, int.Parse((await File.ReadAllLinesAsync(cluster.Effects))[^1].Split(' ')[^1], CultureInfo.InvariantCulture));
    }

    private async Task<Answer> CallAsync(string name, string arguments)
    {
        var id = $"call_{Guid.NewGuid():N}";
        cluster.Model.ReplyRaw((r, _) => r.Messages[^1].StartsWith("tool", StringComparison.Ordinal)
            ? Deltas(new JsonObject { ["content"] = "done" })
            : Deltas(ScriptedModel.Call(0, id, name, arguments)));
        return (await cluster.Caller().SayAsync(RunningCluster.NewSession(), "go")).Ok();
    }

    private static async IAsyncEnumerable<JsonObject> Deltas(params JsonObject[] deltas)
    {
        await Task.Yield();
        foreach (var delta in deltas) yield return delta;
    }
}
