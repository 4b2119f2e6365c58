namespace Conversations.Chaos.World;

/// <summary>A call that waits for somebody's answer, and its turn with it.</summary>
internal sealed record Parked(string Tenant, string Session, string Turn, string CallId);
