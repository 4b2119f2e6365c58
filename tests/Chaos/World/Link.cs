using System.Net;
using System.Net.Sockets;

namespace Conversations.Chaos.World;

/// <summary>
/// A wire that we lay between one side and another, so that it can be cut, held, slowed or half closed: where the kernel's own means are
/// forbidden, too, and in one direction.
/// </summary>
internal sealed class Link : IAsyncDisposable
{
    private const int Piece = 16 * 1024;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _over = new();
    private readonly Lock _gate = new();
    private readonly HashSet<Socket> _open = [];
    private readonly Task _accepting;
    private volatile TaskCompletionSource _requests = Free();
    private volatile TaskCompletionSource _answers = Free();
    private volatile bool _isCut;
    private int _delay;

    public Link()
    {
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>Where the one side connects to.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Where the other side listens.</summary>
    public int Target { get; set; }

    /// <summary>Resets what is open, and whatever is tried from now on.</summary>
    public void Cut()
    {
        _isCut = true;
        Reset();
    }

    /// <summary>Resets what is open; what is tried from now on is as good as ever.</summary>
    public void Reset()
    {
        lock (_gate)
        {
            foreach (var socket in _open) socket.Close(0);
            _open.Clear();
        }
    }

    /// <summary>Lets nothing through to the other side, or nothing back, or neither; connections stay open.</summary>
    public void Hold(bool requests, bool answers)
    {
        if (requests) _requests = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        if (answers) _answers = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>Lets every piece wait for this long, in each direction.</summary>
    public void Slow(int milliseconds) => Volatile.Write(ref _delay, milliseconds);

    /// <summary>Closes one half of each connection: the other side hears that its caller has no more to say.</summary>
    public void CloseHalf()
    {
        lock (_gate)
        {
            foreach (var socket in _open.Where(socket => socket.RemoteEndPoint is IPEndPoint remote && remote.Port == Target)) socket.Shutdown(SocketShutdown.Send);
        }
    }

    /// <summary>A good wire again. What was held goes on.</summary>
    public void Mend()
    {
        _isCut = false;
        Slow(0);
        _requests.TrySetResult();
        _answers.TrySetResult();
    }

    public async ValueTask DisposeAsync()
    {
        Mend();
        await _over.CancelAsync();
        _listener.Stop();
        Reset();
        await _accepting;
        _over.Dispose();
    }

    private static TaskCompletionSource Free()
    {
        var free = new TaskCompletionSource();
        free.SetResult();
        return free;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true) _ = PassAsync(await _listener.AcceptSocketAsync(_over.Token));
        }
        catch (Exception) when (_over.IsCancellationRequested)
        {
        }
    }

    private async Task PassAsync(Socket one)
    {
        using var other = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using (one)
        {
            one.NoDelay = true;
            try
            {
                Keep(one);
                if (_isCut) return;
                await other.ConnectAsync(IPAddress.Loopback, Target, _over.Token);
                Keep(other);
                await Task.WhenAll(CopyAsync(one, other, () => _requests.Task), CopyAsync(other, one, () => _answers.Task));
            }
            catch (Exception fault) when (fault is SocketException or ObjectDisposedException or OperationCanceledException)
            {
            }
            finally
            {
                lock (_gate) _open.ExceptWith([one, other]);
            }
        }
    }

    private async Task CopyAsync(Socket from, Socket to, Func<Task> mayPass)
    {
        var piece = new byte[Piece];
        try
        {
            while (await from.ReceiveAsync(piece, _over.Token) is > 0 and var length)
            {
                await mayPass().WaitAsync(_over.Token);
                if (Volatile.Read(ref _delay) is > 0 and var delay) await Task.Delay(delay, _over.Token);
                for (var sent = 0; sent < length;) sent += await to.SendAsync(piece.AsMemory(sent, length - sent), _over.Token);
            }

            to.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            // One side was reset: the other is, too.
            from.Close(0);
            to.Close(0);
        }
    }

    private void Keep(Socket socket)
    {
        lock (_gate) _open.Add(socket);
        if (_isCut) socket.Close(0);
    }
}
