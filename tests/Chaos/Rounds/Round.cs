using System.Diagnostics;
using Conversations.Chaos.Faults;
using Conversations.Chaos.Reports;
using Conversations.Chaos.Workload;
using Conversations.Chaos.World;
using Conversations.Checker;
using Conversations.Checker.Evidence;

namespace Conversations.Chaos.Rounds;

/// <summary>Lets a crowd work while faults strike one after the other, waits until all is calm, reads everything, and has it judged.</summary>
internal sealed class Round(ChaosCluster cluster, int number, int seed, IReadOnlyList<Fault> faults, CancellationToken stop)
{
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(90);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly string _prefix = $"r{number}s";
    private readonly Chronicle _chronicle = new();
    private readonly Random _random = new(seed);
    private readonly List<Strike> _strikes = [];

    public async Task<RoundResult> RunAsync()
    {
        cluster.Forget();
        await cluster.TakeEffectsAsync();
        using var crowd = new Crowd(_prefix, _chronicle, cluster.Doors, seed);
        crowd.Begin(stop);
        foreach (var fault in faults) await StrikeAsync(fault);
        Say("calming down");
        await cluster.HealAsync(stop);
        await crowd.EndAsync();
        var database = new DatabaseReader(cluster.Database, _prefix);
        await SettleAsync(database, crowd);
        Say("reading everything");
        await LookAsync(crowd);
        var file = new CaseFile(_chronicle.Operations, await database.SessionsAsync(stop), cluster.Model.Calls, await cluster.TakeEffectsAsync());
        return new RoundResult(number, seed, _strikes, file, Judge.Violations(file));
    }

    private async Task StrikeAsync(Fault fault)
    {
        var peace = TimeSpan.FromMilliseconds(_random.Next(1_000, 3_000));
        await Task.Delay(peace < cluster.LongestFault / 4 ? peace : cluster.LongestFault / 4, stop);
        Say(fault.Name);
        var before = await Membership.GivenUpAsync(cluster.Database, stop);
        var began = Chronicle.Now;
        var detail = await fault.StrikeAsync(cluster, _random, stop);
        var ended = Chronicle.Now;
        var after = await Membership.GivenUpAsync(cluster.Database, stop);
        var dead = after.Except(before).Count();
        _strikes.Add(new Strike(fault.Name, detail, began, ended, dead, fault.HitsSilos ? 0 : dead));
    }

    // What does not end in this time is for the judge.
    private async Task SettleAsync(DatabaseReader database, Crowd crowd)
    {
        var answered = new HashSet<string>();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(Settling);
        using var look = new PeriodicTimer(Pause);
        try
        {
            while (await database.UnfinishedAsync(stop) is > 0 and var left)
            {
                Say($"{left} turns to end");
                foreach (var parked in await database.ParkedAsync(stop))
                {
                    if (answered.Add(parked.CallId)) await AnswerAsync(parked, crowd);
                }

                await look.WaitForNextTickAsync(patience.Token);
            }
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
        }
    }

    // Whom nobody answered is answered at last, or lets go of it.
    private async Task AnswerAsync(Parked parked, Crowd crowd)
    {
        var caller = new GrpcCaller(parked.Tenant, crowd.GrpcWires[parked.Tenant], _chronicle, _random);
        await (_random.Next(3) is > 0 and var choice
            ? caller.ResolveAsync(parked.Session, parked.Turn, parked.CallId, approve: choice == 1, stop)
            : caller.CancelAsync(parked.Session, parked.Turn, stop));
    }

    private async Task LookAsync(Crowd crowd)
    {
        await Parallel.ForEachAsync(crowd.Places, new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = stop }, async (place, cancelled) =>
        {
            var wires = crowd.Wires[place.Tenant];
            var caller = new Caller(place.Tenant, wires, _chronicle, new Random(seed));
            var wish = new Wish(Way.Awaited, null, true, null);
            await caller.SayAsync(place.Session, $"{place.Tenant} {place.Session} at last", wish, isProbe: true, cancelled);
            var grpc = new GrpcCaller(place.Tenant, crowd.GrpcWires[place.Tenant], _chronicle, new Random(seed));
            foreach (var say in _chronicle.Operations.OfType<Say>().Where(say => say.Tenant == place.Tenant && say.Session == place.Session && say.Response is not null))
                await (say.Way == "run" ? grpc.LookAsync(say, cancelled) : caller.LookAsync(say, cancelled));
            for (var gateway = 0; gateway < wires.Count; gateway++)
            {
                var (number, door) = (gateway, place);
                await InsistAsync(() => caller.ReadAsync(door.Session, number, isFinal: true, cancelled));
                await InsistAsync(() => grpc.ReadAsync(door.Session, number, isFinal: true, cancelled));
            }
        });
    }

    // What was not read would not be judged.
    private async Task InsistAsync(Func<Task<Read>> read)
    {
        var began = Stopwatch.GetTimestamp();
        while ((await read()).Outcome == Outcome.Unknown && Stopwatch.GetElapsedTime(began) < Settling) await Task.Delay(Pause, stop);
    }

    private void Say(string what) => Progress.Say($"round {number}: {_chronicle.Operations.Count} operations, {_strikes.Count} of {faults.Count} faults; {what}");
}
