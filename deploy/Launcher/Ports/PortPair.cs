namespace Conversations.Launcher.Ports;

/// <summary>The two ports of a gateway.</summary>
internal sealed record PortPair(ReservedPort Http, ReservedPort Grpc) : IDisposable
{
    /// <summary>Two free ones of the system's choice.</summary>
    public static PortPair Any() => new(ReservedPort.Any(), ReservedPort.Any());

    /// <summary>The pair of the <paramref name="index"/>-th gateway (from 0) when the first one's HTTP port is <paramref name="first"/>.</summary>
    /// <exception cref="LauncherException">One of them is taken.</exception>
    public static PortPair Wanted(int first, int index, string gateway)
    {
        var http = ReservedPort.Wanted(HttpPort(first, index), $"HTTP of {gateway}");
        try
        {
            return new PortPair(http, ReservedPort.Wanted(HttpPort(first, index) + 1, $"gRPC of {gateway}"));
        }
        catch
        {
            http.Dispose();
            throw;
        }
    }

    /// <summary>The HTTP port of the <paramref name="index"/>-th gateway; its gRPC port is the next.</summary>
    public static int HttpPort(int first, int index) => first + (2 * index);

    public void Dispose()
    {
        Http.Dispose();
        Grpc.Dispose();
    }
}
