using Conversations.Launcher.Hosts;

namespace Conversations.Suite;

/// <summary>Where things are.</summary>
internal static class Repository
{
    private static readonly HostBinaries Build = HostBinaries.OfThisBuild();

    /// <summary>The repository's root.</summary>
    public static string Root => Build.Root;

    /// <summary>The assembly of a project, of the same build as this one.</summary>
    public static string Assembly(string project) =>
        Path.Combine(Root, "artifacts", "bin", project, Build.Configuration, $"Conversations.{project}.dll");
}
