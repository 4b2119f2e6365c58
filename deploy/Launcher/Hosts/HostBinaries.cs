namespace Conversations.Launcher.Hosts;

/// <summary>Where the build has put the hosts.</summary>
/// <param name="Root">The root of the repository.</param>
/// <param name="Configuration">The build configuration as the artifacts directory spells it: <c>release</c>, <c>debug</c>.</param>
public sealed record HostBinaries(string Root, string Configuration)
{
    /// <summary>Those that were built together with the running program.</summary>
    /// <exception cref="LauncherException">The program is not inside the repository.</exception>
    public static HostBinaries OfThisBuild()
    {
        var here = Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory);
        for (var directory = here; directory is not null; directory = Path.GetDirectoryName(directory))
        {
            if (File.Exists(Path.Combine(directory, "Conversations.sln")))
                return new HostBinaries(directory, Path.GetFileName(here));
        }

        throw new LauncherException($"No Conversations.sln above {here}: run deploy/up from the repository.");
    }

    /// <summary>The assembly of the silo.</summary>
    public string Silo => Assembly("Silo");

    /// <summary>The assembly of the gateway.</summary>
    public string Gateway => Assembly("Client");

    /// <exception cref="LauncherException">One of them is not built.</exception>
    internal void RequireAll()
    {
        if (new[] { Silo, Gateway }.FirstOrDefault(assembly => !File.Exists(assembly)) is { } missing)
            throw new LauncherException($"{missing} is not there: run 'dotnet build --configuration {Configuration}' in {Root} first.");
    }

    private string Assembly(string project) => Path.Combine(Root, "artifacts", "bin", project, Configuration, $"Conversations.{project}.dll");
}
