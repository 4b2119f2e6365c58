using Conversations.Grains.Sessions;
using Conversations.Journal.Reading;
using Conversations.Sessions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;

namespace Conversations.Grains.Expiry;

/// <inheritdoc cref="IExpiryGrain"/>
[Reentrant, GrainType("expiry")]
internal sealed partial class ExpiryGrain(IExpiredSessions expired, IOptions<SessionOptions> options, ILogger<ExpiryGrain> log) : Grain, IExpiryGrain
{
    // Nobody waits for it: few enough not to be in anybody's way.
    private const int AtOnce = 8;
    private const int Batch = 200;

    private Task? _sweep;

    private int Database => (int)this.GetPrimaryKeyLong();

    public async Task SweepAsync()
    {
        try
        {
            await (_sweep ??= SweepAllAsync());
        }
        finally
        {
            _sweep = null;
        }
    }

    private async Task SweepAllAsync()
    {
        await ExpireAsync(SessionLifetime.Private, TimeSpan.FromMinutes(options.Value.PrivateMinutes));
        await ExpireAsync(SessionLifetime.Unnamed, TimeSpan.FromDays(options.Value.UnnamedDays));
        while (await expired.SweepTombstonesAsync(Database, Batch, CancellationToken.None) == Batch)
        {
        }
    }

    private async Task ExpireAsync(SessionLifetime lifetime, TimeSpan unused)
    {
        while (true)
        {
            var found = await expired.FindAsync(Database, lifetime, unused, Batch, CancellationToken.None);
            var erased = 0;
            foreach (var some in found.Chunk(AtOnce)) erased += (await Task.WhenAll(some.Select(ExpireAsync))).Count(gone => gone);
            if (erased > 0) LogExpired(log, erased, lifetime);
            // What could not be erased is found again by the next sweep.
            if (found.Count < Batch || erased == 0) return;
        }
    }

    private async Task<bool> ExpireAsync(ExpiredSession session)
    {
        try
        {
            return await GrainFactory.GetGrain<ISessionGrain>(session.Key.ToString()).ExpireAsync(session.Version);
        }
        catch (Exception e)
        {
            LogNotExpired(log, e.GetType().Name, session.Key.Tenant, session.Key.Id);
            return false;
        }
    }
}
