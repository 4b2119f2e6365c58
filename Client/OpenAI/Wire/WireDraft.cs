namespace Conversations.Client.OpenAI.Wire;

internal sealed record WireInputTokens(int InputTokens)
{
    public string Object { get; } = "response.input_tokens";
}

internal sealed record WireCompacted(string Id, long CreatedAt, IReadOnlyList<WireItem> Output, WireUsage Usage)
{
    public string Object { get; } = "response.compaction";
}
