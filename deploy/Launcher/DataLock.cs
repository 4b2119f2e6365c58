namespace Conversations.Launcher;

/// <summary>Keeps a second launcher away from a directory. The kernel drops it when we die, however that happens.</summary>
internal sealed class DataLock : IDisposable
{
    private readonly FileStream _file;

    private DataLock(FileStream file) => _file = file;

    /// <exception cref="LauncherException">Somebody else holds it.</exception>
    public static DataLock Take(string directory)
    {
        var path = Path.Combine(directory, "lock");
        try
        {
            return new DataLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException fault)
        {
            throw new LauncherException($"Another deploy/up (or test) is using {directory}: end that one first, or choose another directory with --data.", fault);
        }
        catch (UnauthorizedAccessException fault)
        {
            throw new LauncherException($"{directory} belongs to another user: run as that user, or choose another directory with --data.", fault);
        }
    }

    public void Dispose() => _file.Dispose();
}
