using System.Text.Json.Nodes;
using Conversations.EndToEnd.Tests.Callers;
using Conversations.EndToEnd.Tests.Models;

namespace Conversations.EndToEnd.Tests.Clients;

/// <summary>What the stock npm package <c>openai</c> has besides plain turns: see <c>Npm/openai.mjs</c>.</summary>
[Collection(SmallClusterGroup.Name)]
public sealed class NpmOpenAITests : IDisposable
{
    private readonly SmallCluster _cluster;
    private readonly string _session = RunningCluster.NewSession();

    public NpmOpenAITests(SmallCluster cluster)
    {
        _cluster = cluster;
        _cluster.Model.ReplyRaw(Forecaster.AnswerAsync);
    }

    public void Dispose() => _cluster.Model.Reply(r => $"echo: {r.LastUser}");

    [Fact]
    public async Task Conversations_WithItemsAndPages_AreWhatWasPutIn()
    {
        string[] words = ["one", "two", "three", "four", "five"];
        var shown = await ShowAsync("conversations", new JsonObject { ["words"] = new JsonArray([.. words.Select(word => JsonValue.Create(word))]) });

        Assert.Equal("birds", (string?)shown["made"]!["metadata"]!["topic"]);
        Assert.Equal("fish", (string?)shown["changed"]!["metadata"]!["topic"]);
        Assert.Equal(shown["changed"]!.ToJsonString(), shown["found"]!.ToJsonString());
        var said = words.Select(word => $"user: {word}").ToList();
        Assert.Equal(said[2..], Told(shown["added"]!["data"]!));
        Assert.Equal(said, Told(shown["oldest"]!));
        Assert.Equal(said.AsEnumerable().Reverse(), Told(shown["newest"]!));
        Assert.Equal(shown["oldest"]![1]!.ToJsonString(), shown["one"]!.ToJsonString());
        Assert.True((bool)shown["erased"]!["deleted"]!);
        Assert.Equal([said[0], .. said[2..]], Told(shown["rest"]!));
        Assert.Equal(("NotFoundError", "item_not_found"), KindOf(shown["missing"]));
        Assert.Equal((string?)shown["made"]!["id"], (string?)shown["deleted"]!["id"]);
        Assert.Equal(("NotFoundError", "conversation_not_found"), KindOf(shown["gone"]));
    }

    [Fact]
    public async Task Background_Polled_EndsAndIsDeleted()
    {
        var shown = await ShowAsync("background", Turn($"background {_session}"));

        Assert.True((bool)shown["accepted"]!["background"]!);
        Assert.Contains((string?)shown["accepted"]!["status"], (string[])["queued", "in_progress"]);
        Assert.Equal("completed", (string?)shown["ended"]!["status"]);
        Assert.Equal($"echo: background {_session}", (string?)shown["text"]);
        Assert.Equal([$"user: background {_session}"], Told(shown["input"]!));
        Assert.Equal(("NotFoundError", "response_not_found"), KindOf(shown["gone"]));
        Assert.Single(_cluster.AskedAbout($"background {_session}"));
        Assert.Equal([$"user: background {_session}", $"assistant: echo: background {_session}"], await _cluster.Caller().TranscriptAsync(_session));
    }

    [Fact]
    public async Task Cancel_OfARunningResponse_EndsItOnce()
    {
        var shown = await ShowAsync("cancel", Turn($"hold {_session}"));

        Assert.Equal("cancelled", (string?)shown["cancelled"]!["status"]);
        Assert.Equal(shown["cancelled"]!.ToJsonString(), shown["again"]!.ToJsonString());
        Assert.Equal((string?)shown["cancelled"]!["id"], (string?)shown["found"]!["id"]);
        Assert.Equal("cancelled", (string?)shown["found"]!["status"]);
        Assert.Empty(shown["found"]!["output"]!.AsArray());
        Assert.Equal(
            ["response.created", "response.in_progress", "response.incomplete"], shown["events"]!.AsArray().Select(e => (string?)e!["type"]));
    }

    [Fact]
    public async Task StreamHelper_WithATool_AsksAndAnswers()
    {
        var shown = await ShowAsync("streamTools", Turn($"the weather, {_session}?"));

        Assert.Equal(
            [
                "response.created", "response.in_progress", "response.output_item.added", "response.function_call_arguments.delta",
                "response.function_call_arguments.delta", "response.function_call_arguments.done", "response.output_item.done", "response.completed",
            ],
            shown["types"]!.AsArray().Select(type => (string?)type));
        Assert.Equal("""{"city":"Bern"}""", (string?)shown["snapshot"]);
        Assert.Equal(["function_call: weather({\"city\":\"Bern\"})"], Told(shown["asked"]!["output"]!));
        Assert.Equal("It is: rain in Bern", (string?)shown["text"]);
        Assert.Equal("It is: rain in Bern", (string?)shown["last"]);
        Assert.Equal(
            [
                $"user: the weather, {_session}?", "function_call: weather({\"city\":\"Bern\"})", "function_call_output: rain in Bern",
                "assistant: It is: rain in Bern",
            ],
            await _cluster.Caller().TranscriptAsync(_session));
        Assert.Equal(2, _cluster.AskedAbout(_session).Count);
    }

    [Fact]
    public async Task StreamHelper_OfAResponseAfterAnEvent_GetsExactlyTheRest()
    {
        var shown = await ShowAsync("replay", Turn($"again and again {_session}"));
        var live = shown["live"]!.AsArray().Select(e => e!.ToJsonString()).ToList();

        // The helper adds to what it is given: the sum of the deltas, and an empty "parsed".
        Assert.Equal(live.Select(NumberOf), shown["events"]!.AsArray().Select(e => NumberOf(e!.ToJsonString())));
        Assert.Equal(live.Select(NumberOf).Where(number => number > (int)shown["after"]!), shown["rest"]!.AsArray().Select(e => NumberOf(e!.ToJsonString())));
        Assert.Equal(["assistant: echo: again and again " + _session], Told(shown["final"]!["output"]!));
        Assert.Single(_cluster.AskedAbout(_session));
    }

    [Fact]
    public async Task Parse_WithASchema_HandsItToTheModelAndReadsTheAnswer()
    {
        var shown = await ShowAsync("parse", Turn($"forecast {_session}"));
        var format = Assert.Single(_cluster.AskedAbout(_session)).Body["response_format"]!;

        Assert.Equal("""{"city":"Bern","degrees":7}""", shown["parsed"]!.ToJsonString());
        Assert.Equal("forecast", (string?)format["json_schema"]!["name"]);
        Assert.NotNull(format["json_schema"]!["schema"]!["properties"]!["degrees"]);
        Assert.Equal("json_schema", (string?)shown["response"]!["text"]!["format"]!["type"]);
    }

    [Fact]
    public async Task Refusals_HaveTheClientsClassesAndAreSentOnce()
    {
        var shown = await ShowAsync("refusals", Turn($"hold {_session}"));
        var refusals = shown["shown"]!;

        Assert.Equal(("BadRequestError", "decimal_above_max_value"), KindOf(refusals["parameter"]));
        Assert.Equal("temperature", (string?)refusals["parameter"]!["param"]);
        Assert.Equal(("BadRequestError", "model_not_found"), KindOf(refusals["model"]));
        Assert.Equal(("AuthenticationError", "invalid_api_key"), KindOf(refusals["key"]));
        Assert.Equal(("NotFoundError", "response_not_found"), KindOf(refusals["response"]));
        Assert.Equal(("NotFoundError", "previous_response_not_found"), KindOf(refusals["previous"]));
        Assert.Equal(("UnprocessableEntityError", "idempotency_key_reused"), KindOf(refusals["reused"]));
        Assert.Equal(("ConflictError", "conversation_locked"), KindOf(refusals["busy"]));
        Assert.Equal(6, (int)shown["sent"]!);
    }

    private static IReadOnlyList<string> Told(JsonNode items) => Items.Describe(items.AsArray());

    private static (string?, string?) KindOf(JsonNode? refusal) => ((string?)refusal!["kind"], (string?)refusal["code"]);

    private static int NumberOf(string e) => (int)JsonNode.Parse(e)!["sequence_number"]!;

    private JsonObject Turn(string text) => new() { ["session"] = _session, ["text"] = text };

    private Task<JsonObject> ShowAsync(string feature, JsonObject given) => NodeCall.ShowAsync(_cluster.Gateway, "openai.mjs", feature, given);
}
