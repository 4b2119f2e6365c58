namespace Conversations.Client.OpenAI.Wire;

internal sealed record WireConversation(string Id, long CreatedAt, IReadOnlyDictionary<string, string> Metadata)
{
    public string Object { get; } = "conversation";
}

internal sealed record WireDeleted(string Id, string Object)
{
    public bool Deleted { get; } = true;
}

internal sealed record WireItemList(IReadOnlyList<WireItem> Data, string? FirstId, string? LastId, bool HasMore)
{
    public string Object { get; } = "list";

    /// <summary>A list of these.</summary>
    public static WireItemList Of(IReadOnlyList<WireItem> data, bool hasMore) =>
        new(data, data.Count > 0 ? data[0].Id : null, data.Count > 0 ? data[^1].Id : null, hasMore);
}
