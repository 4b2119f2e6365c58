namespace Conversations.Grains.Recovery;

/// <summary>Wakes the sessions whose unfinished turns nobody runs. One in the cluster; its key is 0.</summary>
[Alias("conversations.IRecoveryGrain")]
internal interface IRecoveryGrain : IGrainWithIntegerKey
{
    /// <summary>Looks now, if it is not looking already; returns when all it found were woken.</summary>
    [Alias("Scan"), ResponseTimeout("00:02:00")]
    Task ScanAsync();
}
