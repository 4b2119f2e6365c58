namespace Conversations.Journal.Rows;

/// <summary>Bytes in JSON as PostgreSQL reads and writes them: <c>\x</c> and hexadecimal digits.</summary>
internal static class Bytea
{
    public static string Write(ReadOnlySpan<byte> bytes) => @"\x" + Convert.ToHexStringLower(bytes);

    public static ReadOnlyMemory<byte> Read(string? text) =>
        text is null ? default(ReadOnlyMemory<byte>) : Convert.FromHexString(text.AsSpan(2));
}
