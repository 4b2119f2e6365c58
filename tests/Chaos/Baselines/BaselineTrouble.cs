namespace Conversations.Chaos.Baselines;

/// <summary>What befalls a naive service.</summary>
internal enum BaselineTrouble
{
    Nothing,

    /// <summary>A worker is killed every few seconds, and started again.</summary>
    Kills,

    /// <summary>Callers' connections are reset several times a second; what got no answer is asked again.</summary>
    Resets,
}
