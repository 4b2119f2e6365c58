namespace Conversations.Launcher.Hosts;

/// <summary>The <c>dotnet</c> program that runs the hosts: the one that runs us, so that versions agree.</summary>
internal static class DotnetHost
{
    public static string Path { get; } = Find();

    private static string Find()
    {
        var ours = Environment.ProcessPath;
        if (System.IO.Path.GetFileNameWithoutExtension(ours) == "dotnet")
            return ours!;
        return Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } named ? named : "dotnet";
    }
}
