namespace Conversations.Grains.Sessions;

/// <summary>Which silo this is.</summary>
/// <param name="Name">Its name, as operators know it.</param>
/// <param name="Address">Its address and generation, as the membership table has them: <c>address:port@generation</c>.</param>
internal sealed record SiloIdentity(string Name, string Address);
