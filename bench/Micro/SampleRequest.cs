using System.Text;

namespace Conversations.Micro;

/// <summary>Bodies of <c>POST /v1/responses</c>.</summary>
internal static class SampleRequest
{
    private const int MessageBytes = 1_000;

    /// <summary>A body of about so many bytes: messages of about a kilobyte each.</summary>
    public static byte[] Of(int bytes)
    {
        var text = new string('q', MessageBytes - 100);
        var messages = Enumerable.Repeat($$"""{"type":"message","role":"user","content":[{"type":"input_text","text":"{{text}}"}]}""", bytes / MessageBytes);
        return Body($"[{string.Join(',', messages)}]");
    }

    /// <summary>A body with one message of so many characters.</summary>
    public static byte[] Saying(int length) => Body($"\"{new string('q', length)}\"");

    private static byte[] Body(string input) => Encoding.UTF8.GetBytes($$"""{"model":"demo","conversation":"42","input":{{input}}}""");
}
