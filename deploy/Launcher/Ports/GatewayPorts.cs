namespace Conversations.Launcher.Ports;

/// <summary>The ports of all gateways of a cluster, in order; the first ones are reserved before anything is started.</summary>
/// <param name="first">The first gateway's HTTP port; null: the system chooses all of them.</param>
internal sealed class GatewayPorts(int? first) : IDisposable
{
    private readonly Queue<PortPair> _reserved = [];
    private int _count;

    /// <summary>Reserves those of the next <paramref name="names"/>.</summary>
    /// <exception cref="LauncherException">One is taken.</exception>
    public void Reserve(IEnumerable<string> names)
    {
        foreach (var name in names)
            _reserved.Enqueue(New(name));
    }

    /// <summary>Those of the next gateway; they are the caller's from here on.</summary>
    /// <exception cref="LauncherException">One is taken.</exception>
    public PortPair Next(string name) => _reserved.TryDequeue(out var pair) ? pair : New(name);

    public void Dispose()
    {
        foreach (var pair in _reserved)
            pair.Dispose();
    }

    private PortPair New(string name) => first is { } port ? PortPair.Wanted(port, _count++, name) : PortPair.Any();
}
