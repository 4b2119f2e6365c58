using System.Runtime.InteropServices;

namespace Conversations.ToolServer;

/// <summary>
/// A file that several processes append to. What <see cref="File.AppendAllText(string, string)"/> does will not do for it: it writes where
/// the end was when it looked, and two that looked at the same moment write over each other.
/// </summary>
internal static partial class AppendedFile
{
    private static readonly Lock Writing = new();

    /// <summary>Puts a line behind whatever is there when it is written.</summary>
    /// <exception cref="IOException">It could not be written.</exception>
    public static void Append(string path, string line)
    {
        lock (Writing)
        {
            var file = Open(path, "a");
            if (file == 0) throw new IOException($"{path} cannot be opened: {Marshal.GetLastPInvokeErrorMessage()}");
            var isPut = Put(line, file) >= 0;
            if (Close(file) != 0 || !isPut) throw new IOException($"{path} cannot be written: {Marshal.GetLastPInvokeErrorMessage()}");
        }
    }

    [LibraryImport("libc", EntryPoint = "fopen", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint Open(string path, string mode);

    [LibraryImport("libc", EntryPoint = "fputs", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Put(string text, nint file);

    [LibraryImport("libc", EntryPoint = "fclose", SetLastError = true)]
    private static partial int Close(nint file);
}
