namespace Conversations.Launcher.Clusters;

/// <summary>How fast the silos notice that one of them is dead.</summary>
public enum MembershipProfile
{
    /// <summary>Within about two seconds; for one machine, and for tests.</summary>
    Fast,

    /// <summary>Slower, and calm on a bad network; for production.</summary>
    Steady,
}
