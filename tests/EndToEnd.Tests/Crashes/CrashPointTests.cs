using Conversations.CrashPoints;
using Conversations.EndToEnd.Tests.Callers;
using Conversations.EndToEnd.Tests.Models;
using Conversations.Launcher.Hosts;
using Conversations.Testing.Invariants;

namespace Conversations.EndToEnd.Tests.Crashes;

/// <summary>
/// A silo dies at one exact moment of a turn that calls a tool which must not be run twice. However the turn was asked for, and whether
/// its caller stays at the gateway or goes to another, all that is promised holds.
/// </summary>
[Collection(CrashingClusterGroup.Name)]
public sealed class CrashPointTests(CrashingCluster cluster) : IAsyncLifetime
{
    private const string Rang = "it rang";
    private const string Unknown = "Error: the server stopped while this call ran. Its outcome is unknown, and it was not repeated.";

    private readonly (string, string) _key = ("Idempotency-Key", $"k-{Guid.NewGuid():N}");
    private readonly string _session = RunningCluster.NewSession();

    public static TheoryData<string, Way, bool> Matrix
    {
        get
        {
            string[] points =
            [
                CrashPoint.BeforeAccept, CrashPoint.AfterAccept, CrashPoint.BeforeJournal, CrashPoint.AfterJournal,
                CrashPoint.AfterEffect, CrashPoint.Activation, CrashPoint.Deactivation,
            ];
            var matrix = new TheoryData<string, Way, bool>();
            foreach (var point in points)
            {
                foreach (var way in Enum.GetValues<Way>())
                {
                    matrix.Add(point, way, false);
                    matrix.Add(point, way, true);
                }
            }

            return matrix;
        }
    }

    private string Order => RingingModel.OrderOf(_session);

    public Task InitializeAsync() => cluster.RefillAsync();

    public Task DisposeAsync() => Task.CompletedTask;

    [Theory]
    [MemberData(nameof(Matrix))]
    public async Task Turn_SiloDiesAtThePoint_IsThereOnceAndTheNextWorks(string point, Way way, bool otherGateway)
    {
        // While silos join, a session may get a second activation, and then none begins when the first one goes.
        if (point == CrashPoint.Activation) await cluster.ReviveAllAsync();
        (await cluster.Caller().SayAsync(_session, "before")).Ok();
        var host = await cluster.HostOfAsync(_session);
        // What dies later is then another silo, which takes the session up.
        if (point == CrashPoint.Activation) await host.KillAsync();
        var result = point == CrashPoint.AfterEffect ? Unknown : Rang;
        var held = point == CrashPoint.Deactivation ? cluster.Ringing.Hold(Order, result) : null;

        var death = cluster.Arm(point, _session);
        if (held is not null) death = StopAsync(held, host);
        var id = way switch
        {
            Way.Stream => await StreamAsync(point, death, otherGateway, RingingModel.ReportOf(result)),
            Way.Unary => await AskAsync(death, otherGateway, RingingModel.ReportOf(result)),
            _ => await LeaveAsync(point, death, otherGateway, RingingModel.ReportOf(result)),
        };

        Assert.True(cluster.WasReached(point, _session), "Nobody died there.");
        await AssertIsThereOnceAsync(id, result);
        (await cluster.Caller(otherGateway ? 0 : 1).SayAsync(_session, $"after {_session}")).Ok();
        Assert.Empty(await JournalRules.BrokenAsync(cluster.Database, "dev", _session, "before", Order, $"after {_session}"));
        Assert.Empty(cluster.AskedAbout(_session).SelectMany(PromptRules.Broken));
        Assert.Single(cluster.Effects(_session));
    }

    // A silo that is told to stop, and dies on its way out.
    private static async Task StopAsync(HeldReply held, SiloProcess host)
    {
        await held.Held.WaitAsync(Deadline.Length);
        await host.TerminateAsync();
        held.GoOn();
    }

    private static bool IsAcknowledgedBefore(string point) =>
        point is CrashPoint.BeforeJournal or CrashPoint.AfterJournal or CrashPoint.AfterEffect or CrashPoint.Deactivation;

    // Its caller reads on; or hangs up and resumes elsewhere after what was seen; or, having seen nothing, asks elsewhere for the same.
    private async Task<string> StreamAsync(string point, Task death, bool otherGateway, string text)
    {
        var opening = cluster.Caller(0).StreamAsync(_session, Order, _key);
        await death.WaitAsync(Deadline.Length);
        using var stream = otherGateway && !IsAcknowledgedBefore(point) ? await cluster.Caller(1).StreamAsync(_session, Order, _key) : await opening;
        if (!otherGateway || !IsAcknowledgedBefore(point))
        {
            StreamRules.AssertCompleted(await stream.ToEndAsync(), text);
            using var forgotten = await opening;
            if (forgotten != stream) StreamRules.AssertCompleted(await forgotten.ToEndAsync(), text);
            return stream.Id;
        }

        var seen = await stream.NextAsync();
        using var rest = await cluster.Caller(1).ResumeAsync(stream.Id, seen!.Number);
        StreamRules.AssertCompleted([seen, .. await rest.ToEndAsync()], text);
        return stream.Id;
    }

    private async Task<string> AskAsync(Task death, bool otherGateway, string text)
    {
        var asking = cluster.Caller(0).SayAsync(_session, Order, _key);
        await death.WaitAsync(Deadline.Length);
        var answers = new List<Answer> { otherGateway ? await cluster.Caller(1).SayAsync(_session, Order, _key) : await asking, await asking };

        Assert.All(answers, answer => Assert.Equal(text, answer.Ok().OutputText));
        return Assert.Single(answers.Select(answer => answer.Id).Distinct());
    }

    // Nobody waits for the turn: its caller looks now and then whether it has ended.
    private async Task<string> LeaveAsync(string point, Task death, bool otherGateway, string text)
    {
        var body = Caller.Turn(_session, Order);
        body["background"] = true;
        var leaving = cluster.Caller(0).PostAsync("responses", body, _key);
        await death.WaitAsync(Deadline.Length);
        var left = otherGateway && !IsAcknowledgedBefore(point) ? await cluster.Caller(1).PostAsync("responses", body, _key) : await leaving;
        Assert.Equal(left.Ok().Id, (await leaving).Ok().Id);
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        var ended = await Deadline.UntilAsync(
            async () =>
            {
                await look.WaitForNextTickAsync();
                return (await cluster.Caller(otherGateway ? 1 : 0).GetAsync($"responses/{left.Id}")).Ok();
            },
            answer => (string?)answer.Body["status"] is not ("queued" or "in_progress"));

        Assert.Equal(text, ended.OutputText);
        return left.Id;
    }

    private async Task AssertIsThereOnceAsync(string id, string result)
    {
        for (var gateway = 0; gateway < 2; gateway++)
        {
            var caller = cluster.Caller(gateway);
            Assert.Equal(
                ["user: before", "assistant: echo: before", $"user: {Order}", "function_call: ring({})", $"function_call_output: {result}",
                    $"assistant: {RingingModel.ReportOf(result)}"],
                await caller.TranscriptAsync(_session));
            using var replay = await caller.ResumeAsync(id);
            var whole = await replay.ToEndAsync();
            StreamRules.AssertCompleted(whole, RingingModel.ReportOf(result));
            using var rest = await caller.ResumeAsync(id, whole[whole.Count / 2].Number);
            Assert.Equal(whole.Skip(whole.Count / 2 + 1).Select(e => e.Frame), (await rest.ToEndAsync()).Select(e => e.Frame));
        }
    }
}
