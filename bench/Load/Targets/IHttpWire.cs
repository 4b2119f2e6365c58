namespace Conversations.Load.Targets;

/// <summary>What a turn looks like over HTTP.</summary>
internal interface IHttpWire
{
    /// <summary>The path that it is posted to.</summary>
    string Path { get; }

    /// <summary>The body of a request.</summary>
    byte[] Ask(string session, string text);

    /// <summary>Whether a body is an answer; dear reading here would be counted as the server's.</summary>
    bool IsAnswer(ReadOnlySpan<byte> body);
}
