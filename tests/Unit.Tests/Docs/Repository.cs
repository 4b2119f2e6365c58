using Conversations.Launcher.Hosts;

namespace Conversations.Unit.Tests.Docs;

/// <summary>The sources that these tests were built from.</summary>
internal static class Repository
{
    public static string Docs { get; } = Path.Combine(HostBinaries.OfThisBuild().Root, "docs");
}
