using Conversations.Load.Reports;

namespace Conversations.Load.Streams;

/// <summary>How much longer the first word takes through the service than from the model itself: the one and the other in turns.</summary>
internal static class FirstToken
{
    /// <param name="gateway">The service.</param>
    /// <param name="key">The caller's key.</param>
    /// <param name="agent">The agent that has the model.</param>
    /// <param name="model">The model's own address.</param>
    /// <param name="name">Its name there.</param>
    /// <param name="turns">How often each is asked, after as often without looking.</param>
    /// <param name="stop">Gives up.</param>
    public static async Task<Measured> MeasureAsync(Uri gateway, string key, string agent, Uri model, string name, int turns, CancellationToken stop)
    {
        using var client = new StreamClient(key);
        var session = $"first-{Guid.NewGuid():N}"[..14];
        var (direct, through) = (new List<double>(), new List<double>());
        for (var i = 0; i < 2 * turns; i++)
        {
            var alone = await client.FirstOfModelAsync(model, name, "Hello", stop);
            var turn = await client.TurnAsync(gateway, agent, session, "Hello", stop);
            if (i < turns) continue;
            direct.Add(alone.TotalMilliseconds);
            through.Add(turn.First.TotalMilliseconds);
        }

        var (of, to) = (Rank.Median(direct), Rank.Median(through));
        return new Measured { ["first token, direct, p50 ms"] = of, ["first token, through, p50 ms"] = to, ["first token, added ms"] = to - of };
    }
}
