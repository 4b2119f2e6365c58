using System.Runtime.CompilerServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Conversations.EndToEnd.Tests.Callers;

namespace Conversations.EndToEnd.Tests.Golden;

/// <summary>Requests and their whole answers, compared with those on record. With <c>GOLDEN=record</c> they are written instead.</summary>
internal sealed class GoldenRun(Caller caller)
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly GoldenShape _shape = new();
    private readonly JsonArray _exchanges = [];

    /// <summary>One request with one answer.</summary>
    public async Task<JsonObject> AskAsync(HttpMethod method, string path, JsonObject? body = null, params (string Name, string Value)[] headers)
    {
        var answer = await caller.SendAsync(method, path, (JsonObject?)body?.DeepClone(), headers);
        Keep(method, path, body, headers, (int)answer.Status, "answer", answer.Body);
        return answer.Body;
    }

    public Task<JsonObject> GetAsync(string path) => AskAsync(HttpMethod.Get, path);

    public Task<JsonObject> PostAsync(string path, JsonObject? body = null, params (string Name, string Value)[] headers) =>
        AskAsync(HttpMethod.Post, path, body, headers);

    /// <summary>A request that is answered by events, up to its end; the events' data.</summary>
    public async Task<IReadOnlyList<StreamEvent>> StreamAsync(HttpMethod method, string path, JsonObject? body = null, Func<LiveStream, Task>? meanwhile = null)
    {
        using var live = await caller.OpenAsync(method, path, (JsonObject?)body?.DeepClone());
        if (meanwhile is not null) await meanwhile(live);
        var events = await live.ToEndAsync();
        KeepEvents(method, path, body, live.Seen);
        return events;
    }

    /// <summary>Keeps events that were read by hand.</summary>
    public void KeepEvents(HttpMethod method, string path, JsonObject? body, IEnumerable<StreamEvent> events) =>
        Keep(method, path, body, [], 200, "events", new JsonArray([.. events.Select(Framed)]));

    /// <summary>Compares everything so far with the record of this name.</summary>
    public void AssertIs(string name, [CallerFilePath] string here = "")
    {
        var built = Path.Combine(AppContext.BaseDirectory, "Golden", $"{name}.json");
        if (Environment.GetEnvironmentVariable("GOLDEN") == "record")
        {
            File.WriteAllText(Path.Combine(Path.GetDirectoryName(here)!, $"{name}.json"), _exchanges.ToJsonString(Readable) + "\n");
            return;
        }

        Assert.True(File.Exists(built), $"There is no record '{name}': run the test once with GOLDEN=record.");
        // Written and read again: both sides have what JSON can say, and nothing else.
        var differences = GoldenShape.Differences(JsonNode.Parse(File.ReadAllText(built)), JsonNode.Parse(_exchanges.ToJsonString())).ToList();
        Assert.True(differences.Count == 0, $"{name}: {string.Join('\n', differences)}");
    }

    // The frame has to say what the data says.
    private static JsonNode? Framed(StreamEvent e)
    {
        if (e.IsDone) return "[DONE]";
        Assert.Contains($"event: {e.Type}\n", e.Frame, StringComparison.Ordinal);
        return e.Data!.DeepClone();
    }

    private void Keep(
        HttpMethod method, string path, JsonObject? body, (string Name, string Value)[] headers, int status, string kind, JsonNode answer)
    {
        var request = new JsonObject { ["method"] = method.Method, ["path"] = path };
        if (headers.Length > 0) request["headers"] = new JsonObject(headers.Select(header => KeyValuePair.Create<string, JsonNode?>(header.Name, header.Value)));
        if (body is not null) request["body"] = body.DeepClone();
        _exchanges.Add(_shape.Of(new JsonObject { ["request"] = request, ["status"] = status, [kind] = answer.DeepClone() }));
    }
}
