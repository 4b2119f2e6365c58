using System.Net;
using System.Net.Sockets;

namespace Conversations.EndToEnd.Tests.Callers;

/// <summary>
/// A wire between a client and a gateway that a test cuts. Connections pass one after the other, so the first one is the client's first
/// try.
/// </summary>
internal sealed class CuttingProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _ends = new();
    private readonly List<Task> _wires = [];
    private readonly Uri[] _gateways;
    private readonly Func<int, Task?> _cutWhen;
    private readonly Task _accepting;

    /// <summary>Begins to listen.</summary>
    /// <param name="cutWhen">
    /// For the how-manieth connection: what to wait for before it is cut, until when it carries nothing back; null: it is a good wire.
    /// </param>
    /// <param name="gateways">Where bytes go: the connections take turns.</param>
    public CuttingProxy(Func<int, Task?> cutWhen, params Uri[] gateways)
    {
        (_cutWhen, _gateways) = (cutWhen, gateways);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public Uri Url => new($"http://{_listener.LocalEndpoint}");

    public async ValueTask DisposeAsync()
    {
        await _ends.CancelAsync();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_wires);
        _ends.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            for (var i = 0; ; i++) _wires.Add(PassAsync(await _listener.AcceptTcpClientAsync(_ends.Token), _gateways[i % _gateways.Length], _cutWhen(i)));
        }
        catch (Exception) when (_ends.IsCancellationRequested)
        {
        }
    }

    private async Task PassAsync(TcpClient client, Uri gateway, Task? cut)
    {
        using var server = new TcpClient();
        using (client)
        {
            // A reset, not an end: what a dead wire looks like.
            if (cut is not null) client.LingerState = new LingerOption(true, 0);
            if (cut is { IsCompleted: true }) return;
            await server.ConnectAsync(gateway.Host, gateway.Port);
            var there = CopyAsync(client, server);
            await (cut is null ? Task.WhenAll(there, CopyAsync(server, client)) : Task.WhenAny(cut, Task.Delay(Timeout.Infinite, _ends.Token)));
        }
    }

    private static async Task CopyAsync(TcpClient from, TcpClient to)
    {
        try
        {
            await from.GetStream().CopyToAsync(to.GetStream());
            to.Client.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or InvalidOperationException)
        {
        }
    }
}
