using System.Text.Json.Nodes;
using Conversations.EndToEnd.Tests.Callers;
using Conversations.EndToEnd.Tests.Models;

namespace Conversations.EndToEnd.Tests.Clients;

/// <summary>The stock npm packages <c>ai</c> and <c>@ai-sdk/openai</c>, without a word about <c>store</c>: see <c>Npm/ai-openai.mjs</c>.</summary>
[Collection(SmallClusterGroup.Name)]
public sealed class NpmAiOpenAITests : IDisposable
{
    private readonly SmallCluster _cluster;
    private readonly string _said = RunningCluster.NewSession();

    public NpmAiOpenAITests(SmallCluster cluster)
    {
        _cluster = cluster;
        _cluster.Model.ReplyRaw(Forecaster.AnswerAsync);
    }

    public void Dispose() => _cluster.Model.Reply(r => $"echo: {r.LastUser}");

    [Fact]
    public async Task Turns_WithATool_GoOnFromItemsThatTheyReferTo()
    {
        var given = new JsonObject { ["first"] = $"the weather, {_said}?", ["second"] = $"thanks, {_said}" };

        var shown = await NodeCall.ShowAsync(_cluster.Gateway, "ai-openai.mjs", "turns", given);

        Assert.Equal(["It is: rain in Bern", $"echo: thanks, {_said}", "echo: bye"], shown["answers"]!.AsArray().Select(answer => (string?)answer));
        Assert.Equal("""["Bern"]""", shown["effects"]!.ToJsonString());
        Assert.Equal(
            """
            [["user"],["user","function_call","function_call_output"],["user","function_call","function_call_output","item_reference","user"],["user","function_call","function_call_output","item_reference","user","item_reference","user"]]
            """.Trim(),
            shown["brought"]!.ToJsonString());
        var heard = _cluster.Model.Requests.Last(request => request.LastUser == "bye" && request.Messages[0].Contains(_said, StringComparison.Ordinal)).Messages;
        Assert.StartsWith("assistant: weather({\"city\":\"Bern\"})", heard[1], StringComparison.Ordinal);
        Assert.Equal(
            [$"user: the weather, {_said}?", "tool: rain in Bern", "assistant: It is: rain in Bern", $"user: thanks, {_said}", $"assistant: echo: thanks, {_said}", "user: bye"],
            heard.Where((_, i) => i != 1));
    }
}
