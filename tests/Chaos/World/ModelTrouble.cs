namespace Conversations.Chaos.World;

/// <summary>What ails the model.</summary>
internal enum ModelTrouble
{
    None,
    TooManyRequests,
    ServerError,
    Hang,
    Trickle,
    Malformed,
    Cut,
}
