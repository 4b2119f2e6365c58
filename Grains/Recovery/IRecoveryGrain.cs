namespace Conversations.Grains.Recovery;

/// <summary>
/// Wakes the sessions whose unfinished turns nobody runs. One in the cluster for each database of sessions, so that none waits for
/// another; its key is the database's place in the list, from 0.
/// </summary>
[Alias("conversations.IRecoveryGrain")]
internal interface IRecoveryGrain : IGrainWithIntegerKey
{
    /// <summary>Looks now, if it is not looking already; returns when all it found were woken.</summary>
    [Alias("Scan"), ResponseTimeout("00:02:00")]
    Task ScanAsync();
}
