using Conversations.Launcher.Ports;

namespace Conversations.Launcher.Hosts;

/// <summary>The ports of a silo.</summary>
/// <param name="Silo">Silo to silo.</param>
/// <param name="Client">Orleans client (a gateway process) to silo.</param>
/// <param name="Admin">Health and dashboard.</param>
/// <param name="Gateway">Those of the gateway in it; null if it has none.</param>
internal sealed record SiloPorts(ReservedPort Silo, ReservedPort Client, ReservedPort Admin, PortPair? Gateway) : IDisposable
{
    public static SiloPorts Any(PortPair? gateway) => new(ReservedPort.Any(), ReservedPort.Any(), ReservedPort.Any(), gateway);

    public void Dispose()
    {
        Silo.Dispose();
        Client.Dispose();
        Admin.Dispose();
        Gateway?.Dispose();
    }
}
