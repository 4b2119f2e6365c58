namespace Conversations.Grains.Expiry;

/// <summary>
/// Erases the sessions that have had their time. One in the cluster for each database of sessions; its key is the database's place in
/// the list, from 0.
/// </summary>
[Alias("conversations.IExpiryGrain")]
internal interface IExpiryGrain : IGrainWithIntegerKey
{
    /// <summary>Looks now, if it is not looking already; returns when all it found were erased.</summary>
    [Alias("Sweep"), ResponseTimeout("00:10:00")]
    Task SweepAsync();
}
