namespace Conversations.EndToEnd.Tests.Crashes;

/// <summary>How a caller asks for a turn.</summary>
public enum Way
{
    Stream,
    Unary,
    Background,
}
