using System.Text.Json.Nodes;
using Conversations.EndToEnd.Tests.Callers;
using Conversations.EndToEnd.Tests.Models;
using Conversations.Testing;

namespace Conversations.EndToEnd.Tests.Golden;

/// <summary>Every endpoint's answers, key by key and type by type, as they are on record beside this.</summary>
[Collection(SmallClusterGroup.Name)]
public sealed class GoldenTests : IDisposable
{
    private readonly SmallCluster _cluster;
    private readonly GoldenRun _run;
    private readonly string _session = RunningCluster.NewSession();

    public GoldenTests(SmallCluster cluster)
    {
        _cluster = cluster;
        _cluster.Model.ReplyRaw(Forecaster.AnswerAsync);
        _run = new GoldenRun(cluster.Caller());
    }

    public void Dispose() => _cluster.Model.Reply(r => $"echo: {r.LastUser}");

    [Fact]
    public async Task Response_AskedForReadAndDeleted_IsAsRecorded()
    {
        var id = (string?)(await _run.PostAsync("responses", Turn("hello")))["id"];
        await _run.GetAsync($"responses/{id}");
        await _run.GetAsync($"responses/{id}/input_items");
        await _run.PostAsync($"responses/{id}/cancel");
        await _run.AskAsync(HttpMethod.Delete, $"responses/{id}");
        await _run.GetAsync($"responses/{id}");
        _run.AssertIs("response");
    }

    [Fact]
    public async Task Response_WithEveryOption_EchoesThemAll()
    {
        var body = JsonNode.Parse(MutatedRequests.Response)!.AsObject();
        body["conversation"] = new JsonObject { ["id"] = _session };
        body["tools"]![0]!["name"] = "weather";
        body["tool_choice"]!["tools"]![0]!["name"] = "weather";
        // A window that ends with the caller's own words.
        body["input"]!.AsArray().Add(new JsonObject { ["role"] = "user", ["content"] = "hello" });
        var id = (string?)(await _run.PostAsync("responses", body))["id"];
        await _run.GetAsync($"responses/{id}/input_items?order=asc&limit=100");
        _run.AssertIs("response-options");
    }

    [Fact]
    public async Task Stream_LiveReplayedAndResumed_IsAsRecorded()
    {
        var events = await _run.StreamAsync(HttpMethod.Post, "responses", Streamed("hello there"));
        var id = (string?)events[0].Response["id"];
        await _run.StreamAsync(HttpMethod.Get, $"responses/{id}?stream=true");
        await _run.StreamAsync(HttpMethod.Get, $"responses/{id}?stream=true&starting_after=6");
        _run.AssertIs("stream");
    }

    [Fact]
    public async Task Tool_OfTheCaller_IsAskedForAndAnswered()
    {
        var body = Streamed("the weather?");
        body["tools"] = JsonNode.Parse("""[{"type":"function","name":"weather","parameters":{"type":"object","properties":{"city":{"type":"string"}}}}]""");
        var events = await _run.StreamAsync(HttpMethod.Post, "responses", body);
        var call = (string?)events[^1].Response["output"]![0]!["call_id"];
        var answer = Turn("");
        answer["input"] = new JsonArray(new JsonObject { ["type"] = "function_call_output", ["call_id"] = call, ["output"] = "rain" });
        var id = (string?)(await _run.PostAsync("responses", answer))["id"];
        await _run.GetAsync($"responses/{id}/input_items");
        _run.AssertIs("tool");
    }

    [Fact]
    public async Task Tool_OfTheServer_IsCalledUpToItsBound()
    {
        _cluster.Model.ReplyRaw((_, _) => CallAsync("everything_echo", """{"message":"hello tools"}"""));
        var body = Streamed("call");
        body["max_tool_calls"] = 1;
        await _run.StreamAsync(HttpMethod.Post, "responses", body);
        _run.AssertIs("server-tool");
    }

    [Fact]
    public async Task Tool_ThatNeedsAnApproval_WaitsAndGoesOn()
    {
        _cluster.Model.ReplyRaw((request, stop) => request.Messages[^1].StartsWith("tool: ", StringComparison.Ordinal)
            ? Forecaster.AnswerAsync(request, stop)
            : CallAsync("lab_add", """{"a":1,"b":2}"""));
        foreach (var approve in (bool[])[true, false])
        {
            var body = Turn("add");
            body["model"] = "careful";
            var asked = await _run.PostAsync("responses", body);
            var path = $"responses/{asked["id"]}";
            var call = (string?)asked["output"]![0]!["call_id"];
            await _run.PostAsync($"{path}/approvals/nothing", new JsonObject { ["approve"] = approve });
            var answer = new JsonObject { ["approve"] = approve, ["reason"] = "So be it." };
            // The answer to an approval shows the response as it then stands, which is another one each time.
            (await _cluster.Caller().SendAsync(HttpMethod.Post, $"{path}/approvals/{call}", answer)).Ok();
            await _run.StreamAsync(HttpMethod.Get, $"{path}?stream=true");
            await _run.PostAsync($"{path}/approvals/{call}", new JsonObject { ["approve"] = !approve });
        }

        _run.AssertIs("approval");
    }

    [Fact]
    public async Task Cancelled_BeforeAndAfterItsFirstWords_IsAsRecorded()
    {
        var body = Turn("hold");
        body["background"] = true;
        var id = (string?)(await _run.PostAsync("responses", body))["id"];
        await _run.PostAsync($"responses/{id}/cancel");
        await _run.GetAsync($"responses/{id}");
        await _run.StreamAsync(HttpMethod.Get, $"responses/{id}?stream=true");

        var held = new HeldReply("some", " words", " and", " more");
        _cluster.Model.Reply(held.SayAsync);
        await _run.StreamAsync(HttpMethod.Post, "responses", Streamed("tell"), async live =>
        {
            await live.DeltasAsync(held.PiecesBefore);
            await _run.PostAsync($"responses/{live.Id}/cancel");
        });
        await _run.GetAsync($"conversations/{_session}/items?order=asc");
        _run.AssertIs("cancelled");
    }

    [Fact]
    public async Task Refused_ByTheModel_IsAsRecorded()
    {
        _cluster.Model.ReplyRaw((_, _) => DeclineAsync());
        await _run.StreamAsync(HttpMethod.Post, "responses", Streamed("please"));
        _run.AssertIs("refused");
    }

    [Fact]
    public async Task Failed_IsAsRecorded()
    {
        await _run.PostAsync("responses", Turn("break"));
        await _run.StreamAsync(HttpMethod.Post, "responses", Streamed("break"));
        _run.AssertIs("failed");
    }

    [Fact]
    public async Task Queued_BehindAnother_IsAsRecorded()
    {
        var held = new HeldReply("some", " words");
        _cluster.Model.Reply(held.SayAsync);
        using var first = await _cluster.Caller().StreamAsync(_session, "first");
        await first.DeltasAsync(held.PiecesBefore);
        string? third = null;
        await _run.StreamAsync(HttpMethod.Post, "responses", Streamed("second"), async live =>
        {
            await live.NextAsync();
            await live.NextAsync();
            var background = Turn("third");
            background["background"] = true;
            third = (string?)(await _run.PostAsync("responses", background))["id"];
            held.GoOn();
        });
        await _run.StreamAsync(HttpMethod.Get, $"responses/{third}?stream=true");
        _run.AssertIs("queued");
    }

    [Fact]
    public async Task Previous_ContinuedAndForked_IsAsRecorded()
    {
        var first = await _run.PostAsync("responses", new JsonObject { ["input"] = "one" });
        foreach (var text in (string[])["two", "another two"])
        {
            await _run.PostAsync("responses", new JsonObject { ["input"] = text, ["previous_response_id"] = (string?)first["id"] });
        }

        _run.AssertIs("previous");
    }

    [Fact]
    public async Task Unstored_IsFoundByNobody()
    {
        var body = new JsonObject { ["input"] = "hello", ["store"] = false };
        var id = (string?)(await _run.PostAsync("responses", body))["id"];
        await _run.GetAsync($"responses/{id}");
        await _run.PostAsync("responses", new JsonObject { ["input"] = "and?", ["previous_response_id"] = id });
        await _run.PostAsync("responses", new JsonObject { ["input"] = "hello", ["store"] = false, ["background"] = true });
        _run.AssertIs("unstored");
    }

    [Fact]
    public async Task Drafts_AreAsRecorded()
    {
        await _cluster.Caller().SayAsync(_session, "hello");
        await _run.PostAsync("responses/input_tokens", DraftOf("and?"));
        await _run.PostAsync("responses/input_tokens", new JsonObject { ["model"] = "reader" });
        await _run.PostAsync("responses/compact", DraftOf("and?"));
        await _run.PostAsync("responses/compact", new JsonObject { ["model"] = "reader" });
        await _run.PostAsync("responses/compact", new JsonObject { ["input"] = "hello" });
        await _run.PostAsync("responses/compact", new JsonObject { ["model"] = "reader", ["conversation"] = $"conv_{new string('0', 32)}" });
        _cluster.Model.Reply((_, _) => throw new ModelFault(400));
        await _run.PostAsync("responses/compact", DraftOf("and?"));
        _run.AssertIs("drafts");
    }

    [Fact]
    public async Task Conversations_AreAsRecorded()
    {
        var made = await _run.PostAsync("conversations", new JsonObject
        {
            ["metadata"] = new JsonObject { ["test"] = _session },
            ["items"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = "hello" }),
        });
        var id = (string?)made["id"];
        await _run.GetAsync($"conversations/{id}");
        await _run.PostAsync($"conversations/{id}", new JsonObject { ["metadata"] = new JsonObject { ["test"] = _session, ["more"] = "1" } });
        await _run.AskAsync(HttpMethod.Put, $"conversations/{_session}", new JsonObject { ["metadata"] = new JsonObject { ["test"] = _session } });
        await _run.GetAsync($"conversations?metadata%5Btest%5D={_session}");
        await _run.GetAsync($"conversations?metadata%5Btest%5D={_session}&limit=1&order=asc");
        await _run.GetAsync($"conversations?metadata%5Btest%5D=nothing-{_session}");
        await _run.PostAsync($"conversations/{id}/fork", new JsonObject { ["metadata"] = new JsonObject { ["fork"] = "1" } });
        await _run.AskAsync(HttpMethod.Delete, $"conversations/{id}");
        await _run.GetAsync($"conversations/{id}");
        _run.AssertIs("conversations");
    }

    [Fact]
    public async Task Items_AreAsRecorded()
    {
        var items = JsonNode.Parse(MutatedRequests.Response)!["input"]!.AsArray().Select(item => item!.DeepClone());
        var added = await _run.PostAsync($"conversations/{_session}/items", new JsonObject { ["items"] = new JsonArray([.. items]) });
        var second = (string?)added["data"]![1]!["id"];
        await _run.GetAsync($"conversations/{_session}/items?limit=2");
        await _run.GetAsync($"conversations/{_session}/items?order=asc&limit=2&after={second}");
        await _run.GetAsync($"conversations/{_session}/items/{second}");
        await _run.AskAsync(HttpMethod.Delete, $"conversations/{_session}/items/{second}");
        await _run.GetAsync($"conversations/{_session}/items/{second}");
        await _run.PostAsync(
            $"conversations/{_session}/items", new JsonObject { ["items"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = "x" }), ["expected_seq"] = 1 });
        _run.AssertIs("items");
    }

    [Fact]
    public async Task Events_OfAConversation_AreAsRecorded()
    {
        await _cluster.Caller().SayAsync(_session, "hello");
        using var live = await _cluster.Caller().WatchAsync(_session);
        while ((await live.NextAsync())!.Type != "response.completed")
        {
        }

        Assert.All(live.Seen, e => Assert.Matches(@"^\d+\.\d+$", e.Id));
        _run.KeepEvents(HttpMethod.Get, $"conversations/{_session}/events", null, live.Seen);
        _run.AssertIs("events");
    }

    [Fact]
    public async Task Models_AreAsRecorded()
    {
        await _run.GetAsync("models");
        await _run.GetAsync("models/scripted");
        await _run.GetAsync("models/nobody");
        _run.AssertIs("models");
    }

    [Fact]
    public async Task Errors_AreAsRecorded()
    {
        var key = ("Idempotency-Key", $"key-{_session}");
        await _cluster.Caller().SayAsync(_session, "hello", key);
        await _run.PostAsync("responses", Turn("other"), key);
        await _run.PostAsync("responses", new JsonObject { ["input"] = "x", ["stream"] = true, ["model"] = "nobody" });
        await _run.PostAsync("responses", new JsonObject { ["input"] = "x", ["conversation"] = $"conv_{new string('0', 32)}" });
        await _run.PostAsync("responses", new JsonObject { ["input"] = "x", ["previous_response_id"] = "resp_nothing" });
        await _run.PostAsync("responses", new JsonObject { ["input"] = "x", ["conversation"] = "a", ["previous_response_id"] = "resp_nothing" });
        await _run.PostAsync("responses", []);
        await _run.PostAsync("responses", new JsonObject { ["input"] = "x", ["temperature"] = 3 });
        await _run.PostAsync("responses", new JsonObject { ["input"] = "x", ["conversation"] = "a b" });
        await _run.PostAsync("responses", new JsonObject { ["input"] = "x", ["tools"] = new JsonArray(new JsonObject { ["type"] = "web_search" }) });
        await _run.GetAsync("responses/resp_nothing");
        await _run.GetAsync($"conversations/{_session}/items?limit=101");
        await _run.GetAsync($"conversations/{_session}/items/msg_nothing");
        await _run.GetAsync("nothing/here");
        await _run.AskAsync(HttpMethod.Put, "responses", []);
        var held = new HeldReply("some", " words");
        _cluster.Model.Reply(held.SayAsync);
        var first = _cluster.Caller().SayAsync(_session, "hold on");
        await held.Held;
        await _run.PostAsync("responses", Turn("busy"), ("X-Overlap-Policy", "reject"));
        await _run.PostAsync("responses", new JsonObject { ["input"] = "too many" });
        held.GoOn();
        (await first).Ok();
        var stranger = new GoldenRun(new Caller(_cluster.Gateway, "no-such-key"));
        await stranger.GetAsync("models");
        stranger.AssertIs("error-key");
        _run.AssertIs("errors");
    }

    private static async IAsyncEnumerable<JsonObject> CallAsync(string tool, string arguments)
    {
        await Task.Yield();
        yield return ScriptedModel.Call(0, $"call_{Guid.NewGuid():N}", tool, arguments);
    }

    private static async IAsyncEnumerable<JsonObject> DeclineAsync()
    {
        await Task.Yield();
        foreach (var piece in (string[])["I cannot", " help with that."]) yield return new JsonObject { ["refusal"] = piece };
    }

    private JsonObject Turn(string text) => Caller.Turn(_session, text);

    private JsonObject DraftOf(string text)
    {
        var body = Turn(text);
        body["model"] = "reader";
        return body;
    }

    private JsonObject Streamed(string text)
    {
        var body = Turn(text);
        body["stream"] = true;
        return body;
    }
}
