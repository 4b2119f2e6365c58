namespace Conversations.Suite.Cases;

/// <summary>Whose streams a case measures.</summary>
internal static class StreamedCase
{
    public static string Name(string name, bool isProxy) => isProxy ? $"{name}-proxy" : name;

    public static string Server(bool isProxy) => isProxy ? "baseline proxy" : "mounted gateway";
}
