using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Conversations.Grains.Limits;
using Conversations.History;
using Conversations.Sessions;
using Conversations.Testing;
using Conversations.Turns;
using Microsoft.Extensions.DependencyInjection;
using static Conversations.Cluster.Tests.SessionCluster;

namespace Conversations.Cluster.Tests.Sessions;

/// <summary>How much may happen at once.</summary>
[Collection(BoundedGroup.Name)]
public sealed class BoundsTests : IDisposable
{
    private readonly BoundedCluster _cluster;
    private readonly TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentDictionary<string, byte> _called = new();
    private readonly SemaphoreSlim _arrived = new(0);

    public BoundsTests(BoundedCluster cluster)
    {
        _cluster = cluster;
        cluster.Model.Reply((request, stop) => HeldAsync(request.LastUser, stop));
    }

    public void Dispose()
    {
        _gate.TrySetResult();
        _arrived.Dispose();
        _cluster.Model.Reply(r => $"echo: {r.LastUser}");
    }

    [Fact]
    public async Task Turns_AtAndPastTheSilosBound_RunAndStandInLine()
    {
        var (turns, inLine) = await FillOneAsync();
        Assert.Equal(TurnStatus.InProgress, inLine.Submitted.Turn.Status);
        _gate.SetResult();
        foreach (var (key, submitted) in turns) Assert.Equal(TurnStatus.Completed, (await EndAsync(key, submitted.Turn.Id)).Turn.Status);
        Assert.Equal(turns.Count, _called.Count);
    }

    [Fact]
    public async Task Turn_CancelledInLine_NeverReachesTheModel()
    {
        var (turns, inLine) = await FillOneAsync();
        await _cluster.Session(inLine.Key).CancelAsync(inLine.Submitted.Turn.Id);
        Assert.Equal(TurnStatus.Cancelled, (await EndAsync(inLine.Key, inLine.Submitted.Turn.Id)).Turn.Status);
        _gate.SetResult();
        foreach (var (key, submitted) in turns.Where(t => t != inLine)) await EndAsync(key, submitted.Turn.Id);
        Assert.Equal(turns.Count - 1, _called.Count);
        // Its place in the line is nobody's: the silos take as many as before.
        Assert.Equal("echo: on", TextOf(await _cluster.TurnAsync(_cluster.NewKey(), "on")));
    }

    [Fact]
    public async Task Turns_AtAndPastTheTenantsBound_AreTakenAndRefusedOnEverySilo()
    {
        var first = _cluster.NewKey();
        var running = new List<(SessionKey Key, TurnId Turn)>();
        for (var i = 0; i < BoundedCluster.TurnsPerTenant; i++)
        {
            var key = Of(first, $"s{i}");
            running.Add((key, (await _cluster.Session(key).SubmitAsync(Say($"{first} {i}"))).Turn.Id));
        }

        await UntilCountedAsync(running[0], first.Tenant, BoundedCluster.TurnsPerTenant);
        for (var i = 0; i < 8; i++)
        {
            var refusal = await Assert.ThrowsAsync<RefusalException>(() => _cluster.Session(Of(first, $"more{i}")).SubmitAsync(Say("more")));
            Assert.Equal(RefusalCode.TooMany, refusal.Code);
            Assert.Contains($"({BoundedCluster.TurnsPerTenant})", refusal.Message, StringComparison.Ordinal);
        }

        // Neither another tenant nor a session that is at work already is refused.
        var other = _cluster.NewKey();
        var others = await _cluster.Session(other).SubmitAsync(Say("other"));
        var queued = await _cluster.Session(running[0].Key).SubmitAsync(Say("after"));
        Assert.Equal(1, queued.Position);
        _gate.SetResult();
        foreach (var (key, turn) in running) await EndAsync(key, turn);
        await EndAsync(running[0].Key, queued.Turn.Id);
        await EndAsync(other, others.Turn.Id);
        await UntilCountedAsync(running[0], first.Tenant, 0);
        Assert.Equal("echo: again", TextOf(await _cluster.TurnAsync(Of(first, "again"), "again")));
    }

    [Fact]
    public async Task Turns_Parked_CountNeitherForTheTenantNorForTheSilo()
    {
        var id = $"call_{Guid.NewGuid():N}";
        _cluster.Model.ReplyRaw((r, _) => r.Messages[^1].StartsWith("tool", StringComparison.Ordinal)
            ? Deltas(new JsonObject { ["content"] = "done" })
            : Deltas(ScriptedModel.Call(0, id, "launch", "{}")));
        var first = _cluster.NewKey();
        var parked = new List<(SessionKey Key, TurnId Turn)>();
        // More than a silo runs at once, and more than the tenant may.
        for (var i = 0; i <= 2 * BoundedCluster.TurnsPerSilo; i++)
        {
            var key = Of(first, $"s{i}");
            var request = Say("launch") with { Options = new TurnOptions { Agent = "handy" } };
            await _cluster.Session(key).SubmitAsync(request);
            while (await _cluster.Journal.FindTurnAsync(key, request.Id, default) is not { Turn.Parked: true }) await _cluster.Session(key).WatchAsync(request.Id, 9);
            await UntilCountedAsync((key, request.Id), first.Tenant, 0);
            parked.Add((key, request.Id));
        }

        // All at once: what was accepted goes on, however many that are.
        await Task.WhenAll(parked.Select(p => _cluster.Session(p.Key).ResolveAsync(p.Turn, id, true, null)));
        foreach (var (key, turn) in parked) Assert.Equal(TurnStatus.Completed, (await EndAsync(key, turn)).Turn.Status);
        await UntilCountedAsync(parked[0], first.Tenant, 0);
    }

    [Theory]
    [InlineData(BoundedCluster.ToolCalls, TurnStatus.Completed)]
    [InlineData(BoundedCluster.ToolCalls + 1, TurnStatus.Incomplete)]
    public async Task ToolCalls_AtAndPastTheBound_AreMadeAndNotMade(int calls, TurnStatus status)
    {
        var prefix = $"call_{Guid.NewGuid():N}";
        var made = 0;
        _cluster.Model.ReplyRaw((_, _) => made < calls
            ? Deltas(ScriptedModel.Call(0, $"{prefix}{made++}", "add", """{"a":1,"b":1}"""))
            : Deltas(new JsonObject { ["content"] = "done" }));
        var key = _cluster.NewKey();
        var submitted = await _cluster.Session(key).SubmitAsync(Say("go") with { Options = new TurnOptions { Agent = "handy" } });
        var end = await EndAsync(key, submitted.Turn.Id);
        Assert.Equal((status, status == TurnStatus.Completed ? null : "max_tool_calls"), (end.Turn.Status, end.Turn.Reason));
        Assert.Equal(BoundedCluster.ToolCalls, _cluster.Tools.Effects.Count(e => e.Key.StartsWith(prefix, StringComparison.Ordinal)));
        Assert.Equal(calls, end.Output.Count(i => i.Body is FunctionCallOutput));
    }

    // Each in a tenant of its own, until one silo has one more than it runs; that one stands in line.
    private async Task<(List<(SessionKey Key, Submitted Submitted)> Turns, (SessionKey Key, Submitted Submitted) InLine)> FillOneAsync()
    {
        var turns = new List<(SessionKey Key, Submitted Submitted)>();
        while (turns.Count == 0 || turns.GroupBy(t => t.Submitted.Silo).Max(g => g.Count()) <= BoundedCluster.TurnsPerSilo)
        {
            var key = _cluster.NewKey();
            turns.Add((key, await _cluster.Session(key).SubmitAsync(Say($"turn {turns.Count}"))));
        }

        for (var i = 0; i < turns.Count - 1; i++) await _arrived.WaitAsync();
        return (turns, Assert.Single(turns, t => !_called.ContainsKey($"turn {turns.IndexOf(t)}")));
    }

    // The silos tell each other once a second; waiting for a turn's news is what passes the time.
    private async Task UntilCountedAsync((SessionKey Key, TurnId Turn) some, string tenant, int count)
    {
        while (_cluster.Cluster.Silos.Any(s => s.ServiceProvider.GetRequiredService<TenantSeats>().Count(tenant) != count))
        {
            await _cluster.Session(some.Key).WatchAsync(some.Turn, int.MaxValue);
        }
    }

    private async Task<TurnEnded> EndAsync(SessionKey key, TurnId turn) => (TurnEnded)(await _cluster.EventsAsync(key, turn))[^1];

    private static SessionKey Of(SessionKey tenant, string id) => SessionKey.Parse($"{tenant.Tenant}/{id}");

    private async IAsyncEnumerable<string> HeldAsync(string said, [EnumeratorCancellation] CancellationToken stop)
    {
        _called[said] = 0;
        _arrived.Release();
        await _gate.Task.WaitAsync(stop);
        yield return $"echo: {said}";
    }

    private static async IAsyncEnumerable<JsonObject> Deltas(params JsonObject[] deltas)
    {
        await Task.Yield();
        foreach (var delta in deltas) yield return delta;
    }
}
