using System.Diagnostics;
using System.IO.MemoryMappedFiles;

namespace Conversations.Chaos.World;

/// <summary>The wall clock of each silo, which can be set wrong while it runs.</summary>
internal sealed class WallClocks : IDisposable
{
    private readonly string _directory;
    private readonly Dictionary<string, MemoryMappedFile> _offsets = [];

    private WallClocks(string directory, string? forbidden) => (_directory, Forbidden) = (directory, forbidden);

    /// <summary>Why it cannot be set here; null if it can.</summary>
    public string? Forbidden { get; }

    private string Library => Path.Combine(_directory, "clock.so");

    public static async Task<WallClocks> MakeAsync(string directory, CancellationToken stop)
    {
        try
        {
            using var compiler = Process.Start(
                "cc", ["-shared", "-fPIC", "-O2", "-o", Path.Combine(directory, "clock.so"), Path.Combine(AppContext.BaseDirectory, "Clock", "clock.c"), "-ldl"]);
            await compiler.WaitForExitAsync(stop);
            return new WallClocks(directory, compiler.ExitCode == 0 ? null : "the C compiler refused");
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return new WallClocks(directory, "there is no C compiler");
        }
    }

    /// <summary>What a host's environment must say so that its clock can be set.</summary>
    public IReadOnlyDictionary<string, string?> Variables(string host)
    {
        if (Forbidden is not null) return new Dictionary<string, string?>();
        var file = Path.Combine(_directory, $"clock-{host}");
        _offsets[host] = MemoryMappedFile.CreateFromFile(file, FileMode.Create, null, sizeof(long));
        return new Dictionary<string, string?> { ["LD_PRELOAD"] = Library, ["CONVERSATIONS_CLOCK"] = file };
    }

    /// <summary>Sets a host's clock off by this much.</summary>
    public void Set(string host, TimeSpan off)
    {
        using var view = _offsets[host].CreateViewAccessor();
        view.Write(0, (long)off.TotalSeconds);
    }

    public void Dispose()
    {
        foreach (var offset in _offsets.Values) offset.Dispose();
    }
}
