using Conversations.Sessions;

namespace Conversations.Client.OpenAI.Wire;

internal sealed record WireConversation(string Id, long CreatedAt, IReadOnlyDictionary<string, string> Metadata, WireParent? Parent)
{
    public string Object { get; } = "conversation";

    /// <summary>The conversation as callers see it. Of an erased parent nothing is told.</summary>
    public static WireConversation Of(Session session) => new(
        session.Id,
        session.CreatedAt.ToUnixTimeSeconds(),
        session.Metadata,
        session.Parent is { IsErased: false } parent ? new WireParent(parent.Session, parent.Seq) : null);
}

/// <param name="Id">The conversation that owns the last item that both have.</param>
/// <param name="Seq">How many items the fork began with.</param>
internal sealed record WireParent(string Id, long Seq);

internal sealed record WireConversationList(IReadOnlyList<WireConversation> Data, string? FirstId, string? LastId, bool HasMore)
{
    public string Object { get; } = "list";

    /// <summary>A list of these.</summary>
    public static WireConversationList Of(IReadOnlyList<WireConversation> data, bool hasMore) =>
        new(data, data.Count > 0 ? data[0].Id : null, data.Count > 0 ? data[^1].Id : null, hasMore);
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
