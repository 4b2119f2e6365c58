using System.Net;
using System.Net.Sockets;

namespace Conversations.Launcher.Ports;

/// <summary>
/// A TCP port on loopback that nobody else is given while this lives. The socket is bound but never listens: the kernel hands the port
/// to no one who asks for any port, nor uses it for an outgoing connection, while a server that names it can listen on it (both set
/// SO_REUSEADDR). So a silo that was killed finds its port free when it is started again.
/// </summary>
public sealed class ReservedPort : IDisposable
{
    private const int SolSocket = 1;
    private const int SoReuseAddr = 2;

    private readonly Socket _socket;

    private ReservedPort(Socket socket)
    {
        _socket = socket;
        Number = ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    /// <summary>The port.</summary>
    public int Number { get; }

    /// <summary>A free port of the system's choice.</summary>
    public static ReservedPort Any() => new(Bind(0));

    /// <summary>A port that somebody asked for.</summary>
    /// <param name="number">The port.</param>
    /// <param name="purpose">What it is for, as the error names it: "HTTP of gateway-1".</param>
    /// <exception cref="LauncherException">Something listens there, or we may not.</exception>
    public static ReservedPort Wanted(int number, string purpose)
    {
        try
        {
            // One that is only reserved, by another launcher that is still starting, shows when one listens.
            using (var probe = Bind(number))
                probe.Listen();
            return new ReservedPort(Bind(number));
        }
        catch (SocketException fault) when (fault.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            throw new LauncherException($"Port {number} (for the {purpose}) is taken: stop what listens there, or choose another with --port.", fault);
        }
        catch (SocketException fault) when (fault.SocketErrorCode == SocketError.AccessDenied)
        {
            throw new LauncherException($"Port {number} (for the {purpose}) needs root: choose one above 1023 with --port.", fault);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    private static Socket Bind(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            // Raw: the framework's ReuseAddress means SO_REUSEPORT, too, which would let two of ours share a port.
            socket.SetRawSocketOption(SolSocket, SoReuseAddr, BitConverter.GetBytes(1));
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
