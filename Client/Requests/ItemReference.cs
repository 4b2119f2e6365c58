using Conversations.History;

namespace Conversations.Client.Requests;

/// <summary>Stands in a request's input for a stored item until <see cref="References"/> has looked that up; it goes no further.</summary>
/// <param name="Name">The item's id as the caller sent it.</param>
/// <param name="Path">Where in the request that is.</param>
internal sealed record ItemReference(string Name, string Path) : ItemBody
{
    /// <inheritdoc/>
    public override string IdPrefix => "";
}
