namespace Conversations.Suite.Cases;

/// <summary>What cases that stream have in common.</summary>
internal static class StreamedCase
{
    /// <summary>A model that says little, at 100 tokens/s.</summary>
    public const string Short = "20x10";

    public static string Name(string name, bool isProxy) => isProxy ? $"{name}-proxy" : name;

    public static string Server(bool isProxy) => isProxy ? "baseline proxy" : "mounted gateway";
}
