using System.Net;
using System.Text.Json.Nodes;
using Conversations.EndToEnd.Tests.Callers;

namespace Conversations.EndToEnd.Tests.References;

/// <summary>Stored items that a request only refers to.</summary>
[Collection(SmallClusterGroup.Name)]
public sealed class ItemReferenceTests(SmallCluster cluster)
{
    private const string Png = "data:image/png;base64,iVBORw0KGgo=";

    private readonly string _said = RunningCluster.NewSession();

    [Fact]
    public async Task Items_OfEveryKind_GoOnAsTheyWereAndAreItemsOfTheNewResponse()
    {
        var given = JsonNode.Parse(
            $$"""
            [{"type":"message","role":"user","content":[{"type":"input_text","text":"Look"},{"type":"input_image","image_url":"{{Png}}","detail":"high"},
               {"type":"input_file","filename":"a.pdf","file_data":"data:application/pdf;base64,JVBERi0xLjQ="}]},
             {"type":"function_call","call_id":"c1","name":"look","arguments":"{\"at\": 1}"},
             {"type":"function_call_output","call_id":"c1","output":[{"type":"input_text","text":"4"},{"type":"input_image","image_url":"{{Png}}","detail":"auto"}]},
             {"type":"reasoning","summary":[{"type":"summary_text","text":"hm"}],"encrypted_content":"opaque"},
             {"type":"message","role":"assistant","content":[{"type":"output_text","text":"A cat."}]}]
            """)!.AsArray();
        var stored = (await cluster.Caller().PostAsync($"conversations/{_said}/items", new JsonObject { ["items"] = given })).Ok().Body["data"]!.AsArray();
        var (body, key) = (Going(null, [.. stored.Select(IdOf)], $"Sure? {_said}"), ("Idempotency-Key", _said));
        body["model"] = "reader";

        var answer = (await cluster.Caller().PostAsync("responses", body, key)).Ok();
        var input = (await cluster.Caller().GetAsync($"responses/{answer.Id}/input_items?order=asc")).Ok().Body["data"]!.AsArray();
        var again = (await cluster.Caller().PostAsync("responses", body, key)).Ok();

        Assert.Equal(stored.Select(Nameless), input.SkipLast(1).Select(Nameless));
        Assert.Empty(stored.Select(IdOf).Intersect(input.Select(IdOf)));
        Assert.Equal(answer.Id, again.Id);
        var asked = Assert.Single(cluster.AskedAbout($"Sure? {_said}"));
        Assert.Contains(Png, asked.Body.ToJsonString(), StringComparison.Ordinal);
        Assert.Contains("JVBERi0xLjQ=", asked.Body.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal(["assistant: A cat.", $"user: Sure? {_said}"], asked.Messages.TakeLast(2));
    }

    [Fact]
    public async Task Items_ReferredTo_AreTakenWhereverItemsAre()
    {
        var first = (await cluster.Caller().PostAsync("responses", new JsonObject { ["input"] = $"one {_said}" })).Ok();
        var id = IdOf(first.Body["output"]![0]);

        var made = (await cluster.Caller().PostAsync("conversations", new JsonObject { ["items"] = new JsonArray(To(id)) })).Ok();
        (await cluster.Caller().PostAsync($"conversations/{_said}/items", new JsonObject { ["items"] = new JsonArray(To(id)) })).Ok();
        var alone = (await cluster.Caller().PostAsync("responses/input_tokens", new JsonObject { ["input"] = $"echo: one {_said}" })).Ok();
        var counted = (await cluster.Caller().PostAsync("responses/input_tokens", new JsonObject { ["input"] = new JsonArray(To(id)) })).Ok();
        var events = await SocketAsync(new JsonObject { ["input"] = new JsonArray(To(id)) });

        Assert.Equal([$"assistant: echo: one {_said}"], await cluster.Caller().TranscriptAsync(made.Id));
        Assert.Equal([$"assistant: echo: one {_said}"], await cluster.Caller().TranscriptAsync(_said));
        Assert.Equal((int)alone.Body["input_tokens"]!, (int)counted.Body["input_tokens"]!);
        Assert.Equal("response.completed", (string?)events[^1]["type"]);
    }

    [Fact]
    public async Task Item_ThatTheHistoryHas_IsRefusedAndThatOfAnotherBranchIsNot()
    {
        var first = (await cluster.Caller().PostAsync("responses", new JsonObject { ["input"] = $"one {_said}" })).Ok();
        var second = (await cluster.Caller().PostAsync("responses", new JsonObject { ["input"] = $"two {_said}", ["previous_response_id"] = first.Id })).Ok();
        var (one, two) = (IdOf(first.Body["output"]![0]), IdOf(second.Body["output"]![0]));

        await RefusedAsync(HttpStatusCode.BadRequest, "input[0].id", Going(second.Id, [one], "x"));
        await RefusedAsync(HttpStatusCode.BadRequest, "input[1].id", Going(null, [one, one], "x"));
        await RefusedAsync(HttpStatusCode.BadRequest, "input[0].id", Going(first.Id, [one], "x"));
        (await cluster.Caller().PostAsync("responses", Going(first.Id, [two], $"three {_said}"))).Ok();

        Assert.Equal(
            [$"user: one {_said}", $"assistant: echo: one {_said}", $"assistant: echo: two {_said}", $"user: three {_said}"],
            Assert.Single(cluster.AskedAbout($"three {_said}")).Messages);
        var inConversation = Going(null, [one], "four");
        inConversation["conversation"] = _said;
        var answer = (await cluster.Caller().PostAsync("responses", inConversation.DeepClone().AsObject())).Ok();
        inConversation["input"]![0]!["id"] = IdOf(answer.Body["output"]![0]);
        await RefusedAsync(HttpStatusCode.BadRequest, "input[0].id", inConversation);
    }

    [Fact]
    public async Task Item_ThatIsGone_IsNotFound()
    {
        (await cluster.Caller().SayAsync(_said, "one")).Ok();
        var items = (await cluster.Caller().GetAsync($"conversations/{_said}/items")).Ok().Body["data"]!.AsArray();
        var unstored = (await cluster.Caller().PostAsync("responses", new JsonObject { ["input"] = "two", ["store"] = false })).Ok();
        var deleted = (await cluster.Caller().PostAsync("responses", new JsonObject { ["input"] = "three" })).Ok();
        (await cluster.Caller().DeleteAsync($"responses/{deleted.Id}")).Ok();
        (await cluster.Caller().DeleteAsync($"conversations/{_said}/items/{IdOf(items[0])}")).Ok();

        foreach (var id in (string[])[IdOf(items[0]), IdOf(unstored.Body["output"]![0]), IdOf(deleted.Body["output"]![0]), "rs_0d2e7178170ebf7c1016932eaf3248c8193ba4773"])
        {
            await RefusedAsync(HttpStatusCode.NotFound, "input[0].id", Going(null, [id], "x"));
        }

        (await cluster.Caller().PostAsync("responses", Going(null, [IdOf(items[1])], "x"))).Ok();
        (await cluster.Caller().DeleteAsync($"conversations/{_said}")).Ok();
        await RefusedAsync(HttpStatusCode.NotFound, "input[0].id", Going(null, [IdOf(items[1])], "x"));
    }

    private async Task RefusedAsync(HttpStatusCode status, string param, JsonObject body)
    {
        var refused = await cluster.Caller().PostAsync("responses", body);
        Assert.Equal((status, param), (refused.Status, (string?)refused.Body["error"]?["param"]));
    }

    private async Task<IReadOnlyList<JsonObject>> SocketAsync(JsonObject request)
    {
        using var call = await NodeCall.StartAsync(cluster.Gateway, "responses.ws", request);
        return await call.ToEndAsync();
    }

    private static JsonObject Going(string? previous, string[] items, string text) => new()
    {
        ["input"] = new JsonArray([.. items.Select(To), new JsonObject { ["role"] = "user", ["content"] = text }]),
        ["previous_response_id"] = previous,
    };

    private static JsonObject To(string id) => new() { ["type"] = "item_reference", ["id"] = id };

    private static string IdOf(JsonNode? named) => (string)named!["id"]!;

    private static string Nameless(JsonNode? item)
    {
        var copy = item!.DeepClone().AsObject();
        copy.Remove("id");
        return copy.ToJsonString();
    }
}
