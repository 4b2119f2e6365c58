using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Conversations.EndToEnd.Tests.Callers;

namespace Conversations.EndToEnd.Tests.BadInput;

/// <summary>
/// The Big List of Naughty Strings, everywhere where text goes: what is accepted comes back as it went, all of it and in order; the rest is
/// refused.
/// </summary>
[Collection(SmallClusterGroup.Name)]
public sealed partial class NaughtyStringTests : IDisposable
{
    private readonly SmallCluster _cluster;
    private readonly Prober _prober;
    private readonly string _session = RunningCluster.NewSession();

    public NaughtyStringTests(SmallCluster cluster)
    {
        (_cluster, _prober) = (cluster, new Prober(cluster.Gateway));
        _cluster.Model.Reply(r => r.LastUser);
    }

    public void Dispose()
    {
        _prober.Dispose();
        _cluster.Model.Reply(r => $"echo: {r.LastUser}");
    }

    [Fact]
    public async Task Items_OfEveryString_AreThereAsTheyWent()
    {
        var strings = await NonEmptyAsync();
        foreach (var some in strings.Chunk(20))
        {
            var items = new JsonArray([.. some.Select(text => new JsonObject { ["role"] = "user", ["content"] = text })]);
            var (status, added) = await _prober.PostAsync($"conversations/{_session}/items", new JsonObject { ["items"] = items });
            Assert.Equal(200, status);
            Assert.Equal(some, added!["data"]!.AsArray().Select(TextOf));
        }

        Assert.Equal(strings, await TextsAsync(_session));
    }

    [Fact]
    public async Task Turns_OfEveryString_AreAskedAnsweredAndKeptAsTheyWent()
    {
        var strings = await NonEmptyAsync();
        var asked = _cluster.Model.Requests.Count;
        foreach (var text in strings)
        {
            var (status, answer) = await _prober.PostAsync("responses", Caller.Turn(_session, text));
            Assert.Equal((200, "completed"), (status, (string?)answer!["status"]));
            Assert.Equal(text, TextOf(answer["output"]![0]));
        }

        Assert.Equal(strings, _cluster.Model.Requests.Skip(asked).Select(request => request.LastUser));
        Assert.Equal(strings.SelectMany(text => (string[])[text, text]), await TextsAsync(_session));
    }

    [Fact]
    public async Task Metadata_OfEveryString_IsThereAsItWent()
    {
        foreach (var some in (await NodeCall.NaughtyStringsAsync()).Chunk(16))
        {
            var metadata = new JsonObject();
            foreach (var (index, text) in some.Index()) metadata[text.Length is > 0 and <= 64 && !metadata.ContainsKey(text) ? text : $"k{index}"] = text;
            var (status, made) = await _prober.PostAsync("conversations", new JsonObject { ["metadata"] = metadata.DeepClone() });
            Assert.Equal(200, status);
            var (_, found) = await _prober.SendAsync(HttpMethod.Get, $"conversations/{made!["id"]}");
            Assert.True(JsonNode.DeepEquals(metadata, found!["metadata"]), found.ToJsonString());
        }
    }

    [Fact]
    public async Task ConversationId_OfEveryString_NamesItOrIsRefused()
    {
        foreach (var text in (await NodeCall.NaughtyStringsAsync()).Distinct())
        {
            var legal = LegalId().IsMatch(text) && text is not "." and not "..";
            var (status, made) = await _prober.PostAsync("conversations", new JsonObject { ["id"] = text });
            Assert.Equal(legal ? 200 : 400, status);
            Assert.Equal(legal ? text : "id", (string?)(legal ? made!["id"] : made!["error"]!["param"]));

            // In a path these say where, not which.
            if (text is "" or "." or "..") continue;
            var (found, body) = await _prober.SendAsync(HttpMethod.Get, $"conversations/{Uri.EscapeDataString(text)}");
            if (legal) Assert.Equal((200, text), (found, (string?)body!["id"]));
            else Assert.True(found >= 400, $"{found}: {JsonValue.Create(text).ToJsonString()}");
        }
    }

    [Fact]
    public async Task Tools_OfEveryString_AreOfferedOrRefused()
    {
        var strings = (await NodeCall.NaughtyStringsAsync()).Distinct().ToList();
        foreach (var text in strings)
        {
            var (status, answer) = await _prober.PostAsync("responses", WithTools((text, "")));
            var legal = LegalName().IsMatch(text);
            Assert.Equal(legal ? 200 : 400, status);
            Assert.Equal(legal ? null : "tools[0].name", (string?)answer!["error"]?["param"]);
        }

        foreach (var some in strings.Chunk(100))
        {
            var (_, answer) = await _prober.PostAsync("responses", WithTools([.. some.Select((text, index) => ($"t{index}", text))]));
            Assert.Equal(some, answer!["tools"]!.AsArray().Select(tool => (string?)tool!["description"]));
            var offered = _cluster.Model.Requests[^1].Body["tools"]!.AsArray().Select(tool => tool!["function"]!).Where(tool => ((string)tool["name"]!)[0] == 't');
            Assert.Equal(some, offered.Select(tool => (string?)tool["description"] ?? ""));
        }
    }

    [Fact]
    public async Task IdempotencyKey_OfEveryString_IsOneTurn()
    {
        // A header has no control characters and no blanks around it, and a blank one is none.
        var keys = (await NonEmptyAsync()).Where(text => !text.Any(char.IsControl)).Select(text => text.Trim()).Where(key => key.Length > 0).Distinct().ToList();
        var kept = new List<string>();
        foreach (var key in keys)
        {
            var body = new JsonObject { ["items"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = key }) };
            var path = $"conversations/{_session}/items";
            var (status, first) = await _prober.PostAsync(path, body, ("Idempotency-Key", key));
            if (status == 400) continue;
            kept.Add(key);
            var (_, second) = await _prober.PostAsync(path, body, ("Idempotency-Key", key));
            Assert.True((string?)first!["first_id"] == (string?)second!["first_id"], JsonValue.Create(key).ToJsonString());
        }

        Assert.Equal(kept, await TextsAsync(_session));
        // What the web server itself takes for no header.
        Assert.InRange(kept.Count, keys.Count - 10, keys.Count);
    }

    private static async Task<IReadOnlyList<string>> NonEmptyAsync() => [.. (await NodeCall.NaughtyStringsAsync()).Where(text => text.Length > 0)];

    private static string? TextOf(JsonNode? item) => (string?)item!["content"]![0]!["text"];

    private static JsonObject WithTools(params (string Name, string Description)[] tools) => new()
    {
        ["input"] = "hi",
        ["tools"] = new JsonArray([.. tools.Select(tool => new JsonObject { ["type"] = "function", ["name"] = tool.Name, ["description"] = tool.Description })]),
    };

    private async Task<IReadOnlyList<string?>> TextsAsync(string session)
    {
        var texts = new List<string?>();
        for (string? after = null; ;)
        {
            var (_, page) = await _prober.SendAsync(HttpMethod.Get, $"conversations/{session}/items?order=asc&limit=100{(after is null ? "" : $"&after={after}")}");
            texts.AddRange(page!["data"]!.AsArray().Select(TextOf));
            if (!(bool)page["has_more"]!) return texts;
            after = (string?)page["last_id"];
        }
    }

    [GeneratedRegex(@"^(?!conv_)[\x21-\x7e-[/\\?#%]]{1,256}\z")]
    private static partial Regex LegalId();

    [GeneratedRegex(@"^[A-Za-z0-9_-]{1,64}\z")]
    private static partial Regex LegalName();
}
