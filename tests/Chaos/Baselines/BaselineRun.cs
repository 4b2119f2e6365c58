using Conversations.Chaos.Reports;
using Conversations.Chaos.Workload;
using Conversations.Checker;
using Conversations.Checker.Evidence;

namespace Conversations.Chaos.Baselines;

/// <summary>Puts a naive service before the same callers and the same judge, while something befalls it now and then.</summary>
internal static class BaselineRun
{
    /// <summary>How many turns there were, and what was violated.</summary>
    public static async Task<(int Turns, IReadOnlyList<Violation> Violations)> TryAsync(string kind, int seed, TimeSpan length, BaselineTrouble trouble, CancellationToken stop)
    {
        Progress.Say($"{kind}: starting");
        await using var cluster = await BaselineCluster.StartAsync(kind, stop);
        var chronicle = new Chronicle();
        using var crowd = new Crowd($"{kind}", chronicle, cluster.Workers, seed);
        var random = new Random(seed);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        over.CancelAfter(length);
        crowd.Begin(stop);
        while (!over.IsCancellationRequested)
        {
            var pause = trouble == BaselineTrouble.Resets ? random.Next(100, 500) : random.Next(4_000, 8_000);
            await Task.Delay(pause, over.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (over.IsCancellationRequested) break;
            if (trouble == BaselineTrouble.Kills) await cluster.KillAsync(random.Next(2), stop);
            if (trouble == BaselineTrouble.Resets) cluster.ResetCallers(random.Next(2));
            Progress.Say($"{kind}: {chronicle.Operations.Count} operations");
        }

        await crowd.EndAsync();
        var stored = new List<StoredSession>();
        foreach (var place in crowd.Places)
        {
            var caller = new Caller(place.Tenant, crowd.Wires[place.Tenant], chronicle, random);
            for (var worker = 0; worker < cluster.Workers.Count; worker++) await caller.ReadAsync(place.Session, worker, isFinal: true, stop);
            stored.Add(AsStored(place, chronicle.Operations.OfType<Read>().First(read => read.IsFinal && read.Session == place.Session && read.Tenant == place.Tenant)));
        }

        foreach (var say in chronicle.Operations.OfType<Say>()) say.FinalStatus = say.Status;
        var file = new CaseFile(chronicle.Operations, stored, cluster.Model.Calls, []);
        return (file.Operations.OfType<Say>().Count(say => say.Outcome == Outcome.Ok), Judge.Violations(file));
    }

    // It has no rows to look at: what its first worker says in the end is taken for what is stored, a turn from each user's word to the next.
    private static StoredSession AsStored(Crowd.Place place, Read read)
    {
        var items = new List<StoredItem>();
        var (turn, index) = ("before", 0);
        foreach (var (seq, item) in read.Items.Index())
        {
            if (item.IsUser) (turn, index) = ($"turn-{seq}", 0);
            items.Add(new StoredItem(seq, turn, index++, item));
        }

        var turns = items.GroupBy(item => item.Turn).Select(own => new StoredTurn(own.Key, 2, own.First().Seq, own.Count(), false, false, null));
        return new StoredSession(place.Tenant, place.Session, false, null, null, items.Count, items, [.. turns]);
    }
}
