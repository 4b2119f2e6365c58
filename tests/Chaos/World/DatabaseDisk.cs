using System.Diagnostics;

namespace Conversations.Chaos.World;

/// <summary>A small disk of PostgreSQL's own, in memory; mounted where nobody else sees it (<c>deploy/chaos</c> sees to that).</summary>
internal sealed class DatabaseDisk : IDisposable
{
    private const long Size = 1L << 30;

    private readonly string _directory;

    private DatabaseDisk(string directory, string? forbidden) => (_directory, Forbidden) = (directory, forbidden);

    /// <summary>Why there is none; null if there is.</summary>
    public string? Forbidden { get; }

    private string Filler => Path.Combine(_directory, "filler");

    /// <summary>Puts one where the cluster in this directory will have its PostgreSQL.</summary>
    public static async Task<DatabaseDisk> MakeAsync(string cluster, CancellationToken stop)
    {
        var directory = Path.Combine(cluster, "postgres");
        if (Firewall.Forbidden is not null) return new DatabaseDisk(directory, "there is no place to mount a small disk");
        Directory.CreateDirectory(directory);
        var status = await RunAsync("mount", ["-t", "tmpfs", "-o", $"size={Size},mode=0700", "none", directory], stop);
        if (status == 0) status = await RunAsync("chown", ["postgres:postgres", directory], stop);
        if (status == 0) return new DatabaseDisk(directory, null);
        Directory.Delete(directory);
        return new DatabaseDisk(directory, "a small disk cannot be mounted");
    }

    public void Fill()
    {
        using var filler = File.Create(Filler);
        var zeros = new byte[1 << 20];
        try
        {
            while (true)
            {
                filler.Write(zeros);
                filler.Flush();
            }
        }
        catch (IOException)
        {
            // Full.
        }
    }

    public void Free() => File.Delete(Filler);

    public void Dispose()
    {
        if (Forbidden is not null) return;
        using var umount = Process.Start("umount", [_directory]);
        umount.WaitForExit();
    }

    private static async Task<int> RunAsync(string program, string[] arguments, CancellationToken stop)
    {
        using var process = Process.Start(program, arguments);
        await process.WaitForExitAsync(stop);
        return process.ExitCode;
    }
}
