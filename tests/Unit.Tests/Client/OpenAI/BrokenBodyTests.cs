using System.Net.Sockets;
using System.Text;

namespace Conversations.Unit.Tests.Client.OpenAI;

public sealed class BrokenBodyTests(OpenAIHost host) : IClassFixture<OpenAIHost>
{
    [Fact]
    public async Task Body_ThatIsCompressed_IsRefusedByItsEncoding()
    {
        using var http = new HttpClient { DefaultRequestHeaders = { Authorization = new("Bearer", "dev-key") } };
        using var body = new ByteArrayContent([0x1f, 0x8b]) { Headers = { ContentEncoding = { "gzip" } } };
        var answer = await http.PostAsync(new Uri(host.Url, "/v1/responses"), body);

        Assert.Equal(400, (int)answer.StatusCode);
        Assert.Contains("\"param\":\"Content-Encoding\"", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    // What no client library sends.
    [Theory]
    [InlineData("ZZ\r\nnonsense\r\n\r\n")]
    [InlineData("ffffffffffffffff\r\n{}\r\n0\r\n\r\n")]
    [InlineData("2\r\n{}nonsense\r\n0\r\n\r\n")]
    public async Task Body_InChunksThatAreNone_IsRefused(string chunks)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(host.Url.Host, host.Url.Port);
        var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(
            $"POST /v1/responses HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer dev-key\r\nTransfer-Encoding: chunked\r\n\r\n{chunks}"));
        using var reader = new StreamReader(stream);

        Assert.StartsWith("HTTP/1.1 400 ", await reader.ReadLineAsync(), StringComparison.Ordinal);
    }
}
