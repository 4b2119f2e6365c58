using System.Net.Sockets;
using System.Text;
using Conversations.EndToEnd.Tests.Callers;

namespace Conversations.EndToEnd.Tests.BadInput;

/// <summary>Requests that are wrong on purpose, one by one: each is refused by name.</summary>
[Collection(SmallClusterGroup.Name)]
public sealed class MalformedRequestTests(SmallCluster cluster)
{
    [Theory]
    [InlineData("", "invalid_json", null)]
    [InlineData("{", "invalid_json", null)]
    [InlineData("{\"input\":\"hi\"", "invalid_json", null)]
    [InlineData("nonsense", "invalid_json", null)]
    [InlineData("{\"input\":\"hi\"}{}", "invalid_json", null)]
    [InlineData("{\"input\":\"hi\",\"input\":\"ho\"}", "invalid_json", "input")]
    [InlineData("{\"input\":NaN}", "invalid_json", null)]
    [InlineData("\"hi\"", "invalid_type", null)]
    [InlineData("{\"input\":\"\\ud800\"}", "invalid_value", "input")]
    [InlineData("{\"input\":[{\"role\":\"user\",\"content\":\"a\\u0000b\"}]}", "invalid_value", "input")]
    [InlineData("{\"input\":\"hi\",\"metadata\":{\"a\\u0000\":\"b\"}}", "invalid_value", "metadata")]
    [InlineData("{\"input\":\"hi\",\"temperature\":1e400}", "decimal_above_max_value", "temperature")]
    [InlineData("{\"input\":\"hi\",\"temperature\":-1e400}", "decimal_below_min_value", "temperature")]
    [InlineData("{\"input\":\"hi\",\"max_output_tokens\":99999999999999999999}", "invalid_type", "max_output_tokens")]
    [InlineData("{\"input\":\"hi\",\"max_output_tokens\":2147483648}", "integer_above_max_value", "max_output_tokens")]
    [InlineData("{\"input\":\"hi\",\"max_tool_calls\":-0}", "integer_below_min_value", "max_tool_calls")]
    [InlineData("{\"input\":\"hi\",\"max_tool_calls\":1.5}", "invalid_type", "max_tool_calls")]
    [InlineData("{\"input\":{}}", "invalid_type", "input")]
    [InlineData("{\"input\":\"hi\",\"conversation\":7}", "invalid_type", "conversation")]
    [InlineData("{\"input\":\"hi\",\"conversation\":\"a\\nb\"}", "invalid_value", "conversation")]
    [InlineData("{\"input\":\"hi\",\"truncation\":\"sometimes\"}", "invalid_value", "truncation")]
    [InlineData("{\"input\":\"hi\",\"tool_choice\":{\"type\":\"function\"}}", "missing_required_parameter", "tool_choice.name")]
    [InlineData("{\"input\":\"hi\",\"text\":{\"format\":{\"type\":\"xml\"}}}", "invalid_value", "text.format.type")]
    [InlineData("{\"input\":\"hi\",\"text\":{\"format\":{\"type\":\"json_schema\",\"schema\":7}}}", "invalid_type", "text.format.schema")]
    [InlineData("{\"input\":\"hi\",\"tools\":[{\"type\":\"function\",\"name\":\"a b\"}]}", "invalid_value", "tools[0].name")]
    [InlineData("{\"input\":\"hi\",\"reasoning\":{\"effort\":\"huge\"}}", "invalid_value", "reasoning.effort")]
    public async Task Body_Wrong_IsRefusedByName(string body, string code, string? param)
    {
        using var prober = new Prober(cluster.Gateway);
        var (status, answer) = await prober.SendAsync(HttpMethod.Post, "responses", body);

        Assert.Equal((400, code, param), (status, (string?)answer!["error"]!["code"], (string?)answer["error"]!["param"]));
    }

    [Fact]
    public async Task Body_TooDeepTooLongOrNotUtf8_IsRefused()
    {
        using var prober = new Prober(cluster.Gateway);
        var deep = $"{{\"input\":{new string('[', 10_000)}{new string(']', 10_000)}}}";
        var many = $"{{\"input\":[{string.Join(',', Enumerable.Repeat("0", 100_000))}]}}";
        var longId = $"{{\"input\":\"hi\",\"conversation\":\"{new string('x', 100_000)}\"}}";
        byte[] bytes = [.. "{\"input\":\"a"u8, 0xC3, 0x28, .. "\"}"u8];
        byte[] wide = Encoding.Unicode.GetBytes("{\"input\":\"hi\"}");

        Assert.Equal("invalid_json", await CodeAsync(prober, new StringContent(deep)));
        Assert.Equal("array_above_max_length", await CodeAsync(prober, new StringContent(many)));
        Assert.Equal("invalid_value", await CodeAsync(prober, new StringContent(longId)));
        Assert.Equal("invalid_json", await CodeAsync(prober, new ByteArrayContent(bytes)));
        Assert.Equal("invalid_json", await CodeAsync(prober, new ByteArrayContent(wide)));
    }

    [Fact]
    public async Task Body_OfAnotherKind_IsRefused()
    {
        using var prober = new Prober(cluster.Gateway);
        using var multipart = new MultipartFormDataContent { { new StringContent("hi"), "input" } };
        using var form = new FormUrlEncodedContent([new("input", "hi")]);

        Assert.Equal("invalid_json", await CodeAsync(prober, multipart));
        Assert.Equal("invalid_json", await CodeAsync(prober, form));
        Assert.Equal("invalid_json", await CodeAsync(prober, new ByteArrayContent([0x1f, 0x8b, 8, 0, 0, 0, 0, 0])));
    }

    [Theory]
    [InlineData("conversations?limit=0", "limit")]
    [InlineData("conversations?limit=1e3", "limit")]
    [InlineData("conversations?limit=5&limit=6", "limit")]
    [InlineData("conversations?order=up", "order")]
    [InlineData("conversations?after=%00", "after")]
    [InlineData("conversations?after=%ED%A0%80", "after")]
    [InlineData("conversations?metadata[a=b", "metadata")]
    [InlineData("conversations?metadata[a]=%00", "metadata")]
    [InlineData("conversations/none/items?after=nothing", "after")]
    [InlineData("responses/none?starting_after=9999999999", "starting_after")]
    public async Task Query_Wrong_IsRefusedByName(string path, string param)
    {
        using var prober = new Prober(cluster.Gateway);
        var (status, answer) = await prober.SendAsync(HttpMethod.Get, path);

        Assert.Equal((400, param), (status, (string?)answer!["error"]!["param"]));
    }

    [Theory]
    [InlineData("Idempotency-Key", 256)]
    [InlineData("X-Overlap-Policy", 300)]
    [InlineData("X-On-Disconnect", 300)]
    public async Task Header_Wrong_IsRefusedByName(string name, int length)
    {
        using var prober = new Prober(cluster.Gateway);
        var (status, answer) = await prober.SendAsync(HttpMethod.Post, "responses", "{\"input\":\"hi\"}", (name, new string('x', length)));

        Assert.Equal((400, name), (status, (string?)answer!["error"]!["param"]));
    }

    // What no client library sends.
    [Theory]
    [InlineData("POST /v1/responses HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\nnonsense\r\n\r\n")]
    [InlineData("POST /v1/responses HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n{}\r\n0\r\n\r\n")]
    [InlineData("POST /v1/responses HTTP/1.1\r\nContent-Length: -1\r\n\r\n{}")]
    [InlineData("POST /v1/responses HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n{}")]
    [InlineData("POST /v1/responses HTTP/1.1\r\nContent-Length: 100\r\n\r\n{\"input\":\"hi\"}")]
    [InlineData("GET /v1/conversations/a%00b HTTP/1.1\r\n\r\n")]
    [InlineData("GET /v1/conversations/%GG HTTP/1.1\r\n\r\n")]
    [InlineData("GET /v1/conversations/a\u0001b HTTP/1.1\r\n\r\n")]
    [InlineData("GET /v1/models HTTP/1.1\r\nX-Request-Id: a\0b\r\n\r\n")]
    [InlineData("GET  /v1/models HTTP/1.1\r\n\r\n")]
    [InlineData("NONSENSE\r\n\r\n")]
    public async Task Bytes_Malformed_AreNeverAFaultOfOurs(string request)
    {
        var (line, rest) = request.Split("\r\n", 2) is [var first, var others] ? (first, others) : (request, "");
        using var socket = new TcpClient();
        await socket.ConnectAsync(cluster.Gateway.Host, cluster.Gateway.Port);
        var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes($"{line}\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer {Caller.DevelopmentKey}\r\n{rest}"), Deadline.Token);
        socket.Client.Shutdown(SocketShutdown.Send);
        var answer = await AnswerAsync(stream);

        // Who hung up in the middle is owed no answer.
        if (answer.Length > 0) Assert.Matches("^HTTP/1.1 4[0-9][0-9] ", answer);
    }

    // Its turn goes on: what says 4xx would say that nothing happened.
    [Fact]
    public async Task Caller_HangsUpOneHalfWhileItsTurnRuns_IsToldNothing()
    {
        var release = new TaskCompletionSource();
        cluster.Model.Reply((_, _) => HeldAsync(release.Task));
        try
        {
            using var socket = new TcpClient();
            await socket.ConnectAsync(cluster.Gateway.Host, cluster.Gateway.Port);
            var stream = socket.GetStream();
            var body = "{\"input\":\"hi\"}";
            await stream.WriteAsync(
                Encoding.Latin1.GetBytes($"POST /v1/responses HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {Caller.DevelopmentKey}\r\nContent-Length: {body.Length}\r\n\r\n{body}"),
                Deadline.Token);
            socket.Client.Shutdown(SocketShutdown.Send);

            Assert.Equal("", await AnswerAsync(stream));
        }
        finally
        {
            release.SetResult();
            cluster.Model.Reply(r => $"echo: {r.LastUser}");
        }
    }

    private static async IAsyncEnumerable<string> HeldAsync(Task until)
    {
        await until;
        yield return "late";
    }

    private static async Task<string> AnswerAsync(NetworkStream stream)
    {
        using var reader = new StreamReader(stream);
        try
        {
            return await reader.ReadToEndAsync(Deadline.Token);
        }
        catch (IOException reset) when (reset.InnerException is SocketException)
        {
            return "";
        }
    }

    private static async Task<string?> CodeAsync(Prober prober, HttpContent content)
    {
        using (content)
        {
            var (status, answer) = await prober.SendAsync(HttpMethod.Post, "responses", content, []);
            Assert.Equal(400, status);
            return (string?)answer!["error"]!["code"];
        }
    }
}
