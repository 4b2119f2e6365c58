using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Conversations.Client.OpenAI.Reference;
using Conversations.Client.OpenAI.Shapes;
using Conversations.Client.Sessions;
using Conversations.Sessions;
using Conversations.Turns;
using Conversations.Unit.Tests.Client.Grpc;
using Conversations.Unit.Tests.Client.OpenAI.Sockets;
using Conversations.Unit.Tests.Docs;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Conversations.Unit.Tests.Client.OpenAI.Reference;

/// <summary>The reference and the code say the same.</summary>
public sealed partial class ReferenceTests(OpenAIHost host) : IClassFixture<OpenAIHost>, IDisposable
{
    private static readonly string Items = $$"""
        [{"role": "user", "content": "hi"},
         {"type": "message", "role": "user", "content": [
           {"type": "input_text", "text": "look"}, {"type": "input_image", "image_url": "https://x/y.png", "detail": "low"},
           {"type": "input_file", "filename": "a.pdf", "file_data": "YQ=="}, {"type": "input_file", "file_url": "https://x/y.pdf"}]},
         {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "a"}, {"type": "refusal", "refusal": "b"}]},
         {"type": "function_call", "call_id": "c1", "name": "look", "arguments": "{}"},
         {"type": "function_call_output", "call_id": "c1", "output": "42"},
         {"type": "function_call_output", "call_id": "c1", "output": [
           {"type": "input_text", "text": "look"}, {"type": "input_image", "image_url": "https://x/y.png"}, {"type": "input_file", "filename": "a.pdf", "file_data": "YQ=="}]},
         {"type": "reasoning", "summary": [{"type": "summary_text", "text": "hm"}], "encrypted_content": "x"},
         {"type": "compaction", "encrypted_content": "x"}, {"type": "item_reference", "id": "msg_{{Samples.Name(9)}}"}]
        """;

    private static readonly string Response = new ResponseId("user-42", Samples.TurnId).ToString();
    private static readonly string Item = $"msg_{Samples.Name(0)}";
    private static readonly ReferenceFile File = new();

    private const string Socket = "openSocket";

    private static readonly string[] Drafts =
    [
        """{"model": "demo", "input": "hi", "conversation": {"id": "user-42"}, "stream": false, "background": true, "store": true, "tool_choice": "auto"}""",
        $$$"""
          {"input": {{{Items}}}, "conversation": "user-42", "model": "demo", "instructions": "x", "temperature": 1, "top_p": 1, "max_output_tokens": 1, "max_tool_calls": 1,
           "parallel_tool_calls": true, "metadata": {"a": "b"}, "truncation": "auto", "prompt_cache_key": "x", "safety_identifier": "x", "user": "x", "on_disconnect": "continue",
           "text": {"format": {"type": "json_schema", "name": "a", "description": "x", "schema": {}, "strict": true}, "verbosity": "low"}, "reasoning": {"effort": "low", "summary": "auto"}, "tool_choice": {"type": "function", "name": "a"},
           "tools": [{"type": "function", "name": "a", "description": "x", "parameters": {}, "strict": true}], "previous_response_id": null, "prompt": null,
           "include": ["reasoning.encrypted_content"], "service_tier": "auto", "stream_options": {"include_obfuscation": false}, "top_logprobs": 20, "presence_penalty": -2, "frequency_penalty": 2}
          """,
        """{"model": "demo", "input": "hi", "tool_choice": {"type": "allowed_tools", "mode": "auto", "tools": [{"type": "function", "name": "a"}]}}""",
        $$"""{"model": "demo", "input": "hi", "previous_response_id": "{{Response}}"}""",
        """{"model": "demo", "conversation": "user-42", "input": []}""",
    ];

    // Requests of each endpoint that make its readers look at everything.
    private static readonly Dictionary<string, (string Path, string[] Bodies)> Requests = new()
    {
        ["createResponse"] = ("responses", [.. Drafts, """{"input": "hi"}"""]),
        ["countInputTokens"] = ("responses/input_tokens", [.. Drafts, "{}"]),
        ["compactHistory"] = ("responses/compact", Drafts),
        ["getResponse"] = ($"responses/{Response}", []),
        ["deleteResponse"] = ($"responses/{Response}", []),
        ["cancelResponse"] = ($"responses/{Response}/cancel", []),
        ["resolveApproval"] = ($"responses/{Response}/approvals/c1", ["""{"approve": true, "reason": "x"}"""]),
        ["listInputItems"] = ($"responses/{Response}/input_items", []),
        ["listConversations"] = ("conversations", []),
        ["createConversation"] = ("conversations", [$$$"""{"id": "user-42", "metadata": {"a": "b"}, "items": {{{Items}}}}"""]),
        ["putConversation"] = ("conversations/user-42", ["""{"metadata": {"a": "b"}}"""]),
        ["getConversation"] = ("conversations/user-42", []),
        ["updateConversation"] = ("conversations/user-42", ["""{"metadata": {"a": "b"}}""", """{"metadata": null}"""]),
        ["deleteConversation"] = ("conversations/user-42", []),
        ["forkConversation"] = ("conversations/user-42/fork", [$$$"""{"at_item": "{{{Item}}}", "id": "x", "metadata": {"a": "b"}}""", $$"""{"before_item": "{{Item}}"}"""]),
        ["watchConversation"] = ("conversations/user-42/events", []),
        ["appendItems"] = ("conversations/user-42/items", [$$$"""{"items": {{{Items}}}, "expected_seq": 1}""", """{"items": [{"role": "user", "content": "x"}]}"""]),
        ["listItems"] = ("conversations/user-42/items", []),
        ["getItem"] = ($"conversations/user-42/items/{Item}", []),
        ["deleteItem"] = ($"conversations/user-42/items/{Item}", []),
        ["listModels"] = ("models", []),
        ["getModel"] = ("models/demo", []),
    };

    public static TheoryData<string> Known => [.. Requests.Keys];

    public void Dispose()
    {
        host.OnRequest = null;
        host.Sessions.Result = MadeUpSessions.Ended();
    }

    [Fact]
    public async Task Document_Served_IsTheOneThatIsCommitted() => Assert.Equal(
        await System.IO.File.ReadAllTextAsync(ReferenceFile.Place), await GetAsync(ReferenceModule.DocumentPath, "application/json"));

    [Fact]
    public async Task Proto_Served_IsTheContract() => Assert.Equal(
        await System.IO.File.ReadAllTextAsync(Path.Combine(Repository.Docs, "../Client/Grpc/conversations.proto")), await GetAsync(ReferenceModule.ProtoPath, "text/plain"));

    [Fact]
    public async Task Pages_Served_AreWholeAndLoadNothingFromElsewhere()
    {
        var html = await GetAsync(ReferenceModule.PagesPath + "/", "text/html");

        Assert.Contains(ReferenceModule.DocumentPath.TrimStart('/'), html, StringComparison.Ordinal);
        var loaded = Loaded().Matches(html).Select(match => match.Groups[1].Value).ToList();
        Assert.NotEmpty(loaded);
        foreach (var address in loaded.Where(address => !address.StartsWith("data:", StringComparison.Ordinal)))
        {
            Assert.DoesNotContain("//", address, StringComparison.Ordinal);
            Assert.NotEmpty(await GetAsync(new Uri(new Uri(host.Client.BaseAddress!, ReferenceModule.PagesPath + "/"), address).AbsolutePath, null));
        }
    }

    [Fact]
    public void Endpoints_Mapped_AreThoseDescribed()
    {
        var served = new HashSet<string> { ReferenceModule.DocumentPath, ReferenceModule.ProtoPath };
        var mapped = host.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(e => e.RoutePattern.RawText!.StartsWith("/v1/", StringComparison.Ordinal) && !served.Contains(e.RoutePattern.RawText))
            // The other way to open a WebSocket has no place in the format.
            .SelectMany(e => (e.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? []).Where(method => method != HttpMethods.Connect)
                .Select(method => $"{method} {e.RoutePattern.RawText!.Replace("**", "", StringComparison.Ordinal)}"));

        Assert.Equal(File.Operations.Select(known => $"{known.Method} {known.Path}").Order(), mapped.Order());
        Assert.Equal(Operations.All.Count, File.Operations.Count());
        Assert.Equal(Requests.Keys.Append(Socket).Order(), File.Operations.Select(known => (string)known.Operation["operationId"]!).Order());
    }

    [Theory]
    [MemberData(nameof(Known))]
    public async Task Request_OfEveryEndpoint_IsReadAsDescribed(string id)
    {
        var reads = new RequestReads();
        host.OnRequest = reads.Of;

        foreach (var body in Bodies(id)) (await SendAsync(id, body)).Dispose();

        var described = File.BodyMembers(id);
        var keptWhole = reads.Body.Where(path => path.EndsWith(".*", StringComparison.Ordinal)).Select(path => path[..^1]).ToList();
        Assert.Subset(described.ToHashSet(), reads.Body.Where(path => !path.EndsWith(".*", StringComparison.Ordinal)).ToHashSet());
        Assert.All(described.Except(reads.Body), path => Assert.Contains(keptWhole, kept => path.StartsWith(kept, StringComparison.Ordinal)));
        Assert.Equal(File.Parameters(id, "query").Order(), reads.Query.Order());
        Assert.Equal(File.Parameters(id, "header").Order(), reads.Headers.Order());
    }

    [Fact]
    public async Task Socket_Opened_IsReadAsDescribed()
    {
        var reads = new RequestReads();
        host.OnRequest = reads.Of;

        using var caller = await SocketCaller.OpenAsync(host.Url);
        await caller.CloseAsync();

        Assert.Equal(HttpStatusCode.SwitchingProtocols, caller.Socket.HttpStatusCode);
        Assert.NotNull(File.Operation(Socket)["responses"]!["101"]);
        Assert.Empty(reads.Query);
        Assert.Equal(File.Parameters(Socket, "header").Order(), reads.Headers.Order());
    }

    [Theory]
    [MemberData(nameof(Known))]
    public async Task Bodies_ThatAreTaken_FitTheirSchema(string id)
    {
        if (File.Operation(id)["requestBody"]?["content"]?["application/json"]?["schema"] is not { } described) return;
        var schema = await File.SchemaAsync(described, isStrict: false);

        Assert.All(Requests[id].Bodies, body => Assert.Empty(schema.Validate(body)));
        Assert.NotEmpty(schema.Validate("""{"metadata": 1, "input": 1, "items": 1, "approve": 1, "at_item": 1}"""));
    }

    [Theory]
    [MemberData(nameof(Known))]
    public async Task Answers_FitTheirSchema(string id)
    {
        host.Sessions.Result = MadeUpSessions.Ended() with { Turn = Samples.Turn with { Status = TurnStatus.Completed } };
        foreach (var body in Bodies(id))
        {
            using var answer = await SendAsync(id, body);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            var type = answer.Content.Headers.ContentType!.MediaType!;
            var schema = await File.SchemaAsync(File.Operation(id)["responses"]!["200"]!["content"]![type]!["schema"]!, isStrict: true);
            var text = await answer.Content.ReadAsStringAsync();
            string[] documents = type == "text/event-stream" ? [.. Data().Matches(text).Select(match => match.Groups[1].Value).Where(data => data != "[DONE]")] : [text];
            Assert.NotEmpty(documents);
            Assert.All(documents, document => Assert.Empty(schema.Validate(document)));
        }
    }

    [Fact]
    public async Task Stream_OfEveryEvent_FitsItsSchema()
    {
        using var answer = await host.Client.GetAsync($"responses/{Response}?stream=true");
        var schema = await File.SchemaAsync(File.Operation("getResponse")["responses"]!["200"]!["content"]!["text/event-stream"]!["schema"]!, isStrict: true);

        var events = Data().Matches(await answer.Content.ReadAsStringAsync()).Select(match => match.Groups[1].Value).SkipLast(1).ToList();

        Assert.Equal(Samples.Events.Count(), events.Count);
        Assert.All(events, data => Assert.Empty(schema.Validate(data)));
        Assert.NotEmpty(schema.Validate("""{"type":"response.unheard_of","sequence_number":1}"""));
    }

    [Fact]
    public async Task Items_OfEveryKind_FitTheirSchema()
    {
        var schema = await File.SchemaAsync(JsonNode.Parse("""{"$ref":"#/components/schemas/Response"}""")!, isStrict: true);
        host.Sessions.Result = new TurnResult(Samples.Turn, [.. Samples.Bodies.Select(Samples.Output)]);

        using var answer = await SendAsync("createResponse", """{"input": "hi"}""");
        var text = await answer.Content.ReadAsStringAsync();

        Assert.Equal(Samples.Bodies.Count(), JsonNode.Parse(text)!["output"]!.AsArray().Count);
        Assert.Empty(schema.Validate(text));
        Assert.NotEmpty(schema.Validate(text.Replace("\"background\"", "\"foreground\"", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Refusals_OfEveryKind_HaveAStatusAndAShapeThatAreDescribed()
    {
        var schema = await File.SchemaAsync(JsonNode.Parse("""{"$ref":"#/components/schemas/ErrorBody"}""")!, isStrict: true);
        foreach (var code in Enum.GetValues<RefusalCode>())
        {
            host.Sessions.First = _ => Task.FromException(new RefusalException(code, "No.", "input"));
            using var answer = await SendAsync("createResponse", """{"input": "hi", "conversation": "user-42"}""");
            Assert.Empty(schema.Validate(await answer.Content.ReadAsStringAsync()));
            Assert.NotNull(Operations.Meaning($"{(int)answer.StatusCode}"));
        }

        host.Sessions.First = _ => Task.CompletedTask;
    }

    private static string?[] Bodies(string id) => Requests[id].Bodies.Length > 0 ? Requests[id].Bodies : new string?[] { null };

    private async Task<HttpResponseMessage> SendAsync(string id, string? body)
    {
        var method = File.Operations.Single(known => (string)known.Operation["operationId"]! == id).Method;
        using var request = new HttpRequestMessage(new HttpMethod(method), Requests[id].Path);
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        return await host.Client.SendAsync(request);
    }

    // Without a key.
    private async Task<string> GetAsync(string path, string? type)
    {
        using var client = new HttpClient();
        using var answer = await client.GetAsync(new Uri(host.Client.BaseAddress!, path));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        if (type is not null) Assert.Equal(type, answer.Content.Headers.ContentType?.MediaType);
        return await answer.Content.ReadAsStringAsync();
    }

    [GeneratedRegex("(?:src|href)=\"([^\"]*)\"")]
    private static partial Regex Loaded();

    [GeneratedRegex("^data: (.*)$", RegexOptions.Multiline)]
    private static partial Regex Data();
}
