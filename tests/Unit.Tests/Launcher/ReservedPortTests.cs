using System.Net;
using System.Net.Sockets;
using Conversations.Launcher;
using Conversations.Launcher.Ports;

namespace Conversations.Unit.Tests.Launcher;

public sealed class ReservedPortTests
{
    [Fact]
    public void Any_ManyAtOnce_AreAllDifferent()
    {
        var ports = Enumerable.Range(0, 500).Select(_ => ReservedPort.Any()).ToList();
        try
        {
            Assert.Equal(ports.Count, ports.Select(p => p.Number).Distinct().Count());
        }
        finally
        {
            ports.ForEach(p => p.Dispose());
        }
    }

    [Fact]
    public async Task Any_WhileReserved_AServerCanListenAndListenAgain()
    {
        using var port = ReservedPort.Any();
        for (var i = 0; i < 2; i++)
        {
            using var server = new TcpListener(IPAddress.Loopback, port.Number);
            server.Start();
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, port.Number);
            using var accepted = await server.AcceptTcpClientAsync();
            Assert.True(accepted.Connected);
        }
    }

    [Fact]
    public async Task Any_NobodyListens_ConnectingIsRefused()
    {
        using var port = ReservedPort.Any();
        using var client = new TcpClient();

        var fault = await Assert.ThrowsAsync<SocketException>(() => client.ConnectAsync(IPAddress.Loopback, port.Number));

        Assert.Equal(SocketError.ConnectionRefused, fault.SocketErrorCode);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("0.0.0.0")]
    public void Wanted_Taken_SaysSoInOneSentence(string address)
    {
        using var server = new TcpListener(IPAddress.Parse(address), 0);
        server.Start();
        var taken = ((IPEndPoint)server.LocalEndpoint).Port;

        var fault = Assert.Throws<LauncherException>(() => ReservedPort.Wanted(taken, "HTTP of gateway-1"));

        Assert.Equal($"Port {taken} (for the HTTP of gateway-1) is taken: stop what listens there, or choose another with --port.", fault.Message);
    }

    [Fact]
    public void Wanted_Free_IsTheOneAskedFor()
    {
        int free;
        using (var any = ReservedPort.Any())
            free = any.Number;

        using var port = ReservedPort.Wanted(free, "test");

        Assert.Equal(free, port.Number);
    }

    [Fact]
    public void HttpPort_OfEachGateway_IsTwoFurther() =>
        Assert.Equal([8080, 8082, 8084], Enumerable.Range(0, 3).Select(i => PortPair.HttpPort(8080, i)));
}
