namespace Conversations.Client.OpenAI.Wire;

internal sealed record WireModel(string Id)
{
    public string Object { get; } = "model";

    /// <summary>Nobody knows; the dialect wants a number.</summary>
    public long Created { get; }

    public string OwnedBy { get; } = "conversations";
}

internal sealed record WireModelList(IReadOnlyList<WireModel> Data)
{
    public string Object { get; } = "list";
}
