namespace Conversations.Load;

/// <summary>What the silo in this process logs goes to a file, as that of one that <c>deploy/up</c> starts, and not among the figures.</summary>
internal sealed class HostLog : IAsyncDisposable
{
    private readonly TextWriter _console = Console.Out;
    private readonly StreamWriter _log;
    private readonly string _file;

    public HostLog()
    {
        _file = Path.GetTempFileName();
        _log = new StreamWriter(_file) { AutoFlush = true };
        Console.SetOut(_log);
    }

    public async ValueTask DisposeAsync()
    {
        Console.SetOut(_console);
        await _log.DisposeAsync();
        File.Delete(_file);
    }
}
