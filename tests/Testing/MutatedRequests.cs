using System.Globalization;
using System.Text.Json.Nodes;

namespace Conversations.Testing;

/// <summary>Valid requests of the dialect with one to three things wrong with them; the same seed makes the same ones.</summary>
public sealed class MutatedRequests(int seed)
{
    private static readonly string[] Literals =
    [
        "null", "true", "false", "0", "-0", "-1", "1", "1.5", "1e2", "1e400", "-1e400", "9007199254740993", "99999999999999999999", "NaN",
        "undefined", "\"\"", "\"x\"", "\"auto\"", "\"function\"", "\"\\ud800\"", "\"a\\u0000b\"", "\"\\udE00\\ud83d\"", "\"\u200B\uFEFF😀\"",
        "\"resp_AAAA\"", "\"conv_nothing\"", "\"../..\"", "\"'; drop table item; --\"", "\"{0} %s\"", "[]", "{}", "[null]", "[[]]", "[{}]", "[\"x\"]",
        "{\"\":null}", "{\"type\":\"function\"}", "{\"type\":\"item_reference\",\"id\":\"msg_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"}", "{\"id\":1}", "{\"type\":\"message\",\"role\":\"user\",\"content\":[]}", "'x'", "// x",
        $"\"{new string('x', 3_000)}\"", $"[{string.Join(',', Enumerable.Repeat("0", 12_000))}]",
        new string('[', 70) + new string(']', 70), string.Concat(Enumerable.Repeat("{\"a\":", 70)) + "0" + new string('}', 70),
    ];

    private readonly Random _chance = new(seed);

    /// <summary>A body of <c>POST /v1/responses</c> that uses everything there is.</summary>
    public const string Response = """
        {"model":"reader","conversation":{"id":"s"},"instructions":"be brief","temperature":1,"top_p":1,"max_output_tokens":9,"max_tool_calls":3,
         "parallel_tool_calls":true,"metadata":{"a":"1"},"store":true,"background":false,"stream":false,"truncation":"auto","prompt_cache_key":"k",
         "user":"sam","safety_identifier":"s","on_disconnect":"continue","previous_response_id":null,
         "include":["reasoning.encrypted_content"],"service_tier":"auto","stream_options":{"include_obfuscation":false},"top_logprobs":0,"presence_penalty":0,"frequency_penalty":0,
         "text":{"format":{"type":"json_schema","name":"n","description":"d","schema":{"type":"object"},"strict":true},"verbosity":"low"},
         "reasoning":{"effort":"low","summary":"auto"},"tool_choice":{"type":"allowed_tools","mode":"auto","tools":[{"type":"function","name":"look"}]},
         "tools":[{"type":"function","name":"look","description":"d","parameters":{"type":"object","properties":{"a":{"type":"string"}}},"strict":true}],
         "input":[{"role":"user","content":"hi"},
           {"type":"message","role":"user","content":[{"type":"input_text","text":"x"},{"type":"input_image","image_url":"https://x/y.png","detail":"low"},
             {"type":"input_file","filename":"f.txt","file_data":"data:text/plain;base64,eA=="}]},
           {"type":"message","id":"m","status":"completed","role":"assistant","content":[{"type":"output_text","text":"x"},{"type":"refusal","refusal":"no"}]},
           {"type":"function_call","call_id":"c","name":"look","arguments":"{}"},
           {"type":"function_call_output","call_id":"c","output":[{"type":"input_text","text":"4"}]},
           {"type":"reasoning","summary":[{"type":"summary_text","text":"hm"}],"encrypted_content":"x"},
           {"type":"compaction","encrypted_content":"They greeted."}]}
        """;

    /// <summary>A body of <c>POST …/items</c>.</summary>
    public const string Items = """{"items":[{"role":"user","content":"hi"},{"type":"function_call","call_id":"c","name":"f","arguments":"{}"}],"expected_seq":null}""";

    /// <summary>A body of <c>POST /v1/conversations</c>.</summary>
    public const string Conversation = """{"id":"s","metadata":{"a":"1"},"items":[{"role":"user","content":[{"type":"input_text","text":"x"}]}]}""";

    /// <summary>The next one of a request.</summary>
    public string Next(string request)
    {
        var root = JsonNode.Parse(request)!;
        var written = new Dictionary<string, string>();
        for (var i = _chance.Next(1, 4); i > 0; i--)
        {
            var places = Places(root).ToList();
            if (places.Count > 0) Mutate(places[_chance.Next(places.Count)], written);
        }

        // What JSON cannot say is put in its place as text.
        var text = written.Aggregate(root.ToJsonString(), (json, literal) => json.Replace($"\"{literal.Key}\"", literal.Value, StringComparison.Ordinal));
        return _chance.Next(12) == 0 ? text[.._chance.Next(text.Length)] : text;
    }

    private void Mutate((JsonNode Parent, object Place) at, Dictionary<string, string> written)
    {
        var key = string.Create(CultureInfo.InvariantCulture, $"literal-{written.Count}-");
        var literal = Literals[_chance.Next(Literals.Length)];
        switch (at)
        {
            case (JsonArray array, int index) when _chance.Next(5) == 0:
                array.RemoveAt(index);
                break;
            case (JsonArray array, int index):
                array[index] = key;
                written[key] = literal;
                break;
            case (JsonObject one, string name) when _chance.Next(8) is var how && how < 3:
                var value = one[name]?.ToJsonString() ?? "null";
                one.Remove(name);
                // Gone, under another name, or twice.
                if (how == 1) one[name.ToUpperInvariant()] = JsonNode.Parse(value);
                if (how != 2) break;
                one[name] = key;
                written[key] = $"{value},\"{name}\":{literal}";
                break;
            case (JsonObject one, string name):
                one[name] = key;
                written[key] = literal;
                break;
        }
    }

    private static IEnumerable<(JsonNode Parent, object Place)> Places(JsonNode? node) => node switch
    {
        JsonObject one => one.SelectMany(member => Places(member.Value).Prepend((one, member.Key))),
        JsonArray array => array.SelectMany((value, index) => Places(value).Prepend((array, (object)index))),
        _ => [],
    };
}
