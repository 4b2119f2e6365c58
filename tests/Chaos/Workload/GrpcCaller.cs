using System.Diagnostics;
using Conversations.Checker.Evidence;
using Conversations.Client.Grpc.V1;
using Grpc.Core;

namespace Conversations.Chaos.Workload;

/// <summary>Somebody of one tenant who speaks gRPC, to whatever gateway answers.</summary>
internal sealed class GrpcCaller(string tenant, IReadOnlyList<GrpcWire> wires, Chronicle chronicle, Random random, Action<Say, string>? asked = null)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>A streamed turn, to its end or until it is given up.</summary>
    public async Task<Say> SayAsync(string session, string text, Wish wish, CancellationToken stop)
    {
        var wire = AnyWire();
        var policy = wish.Policy?.Split(';')[0];
        var say = chronicle.Add(new Say
        {
            Tenant = tenant,
            Session = session,
            Via = wire.Name,
            Began = Chronicle.Now,
            Text = text,
            Policy = policy,
            Way = "run",
        });
        var request = new TurnRequest
        {
            SessionId = session,
            IdempotencyKey = wish.HasKey ? text : "",
            Input = { new InputItem { Message = new Message { Role = Role.User, Content = { new ContentPart { InputText = new InputText { Text = text } } } } } },
            Overlap = policy is null ? OverlapPolicy.Unspecified : Enum.Parse<OverlapPolicy>(policy, ignoreCase: true),
        };
        var began = Stopwatch.GetTimestamp();
        long? after = null;
        var leaves = wish.LeavesAfter;
        do
        {
            using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
            var isResumed = say.Response is not null;
            using var call = isResumed ? wire.Client.Watch(Rest(say, after), wire.Options(over.Token)) : wire.Client.Run(request, wire.Options(over.Token));
            var events = new GrpcEvents(call, isResumed ? after : null);
            try
            {
                await events.ReadAsync((turn, output) => Learn(say, turn, output), callId => asked?.Invoke(say, callId), count => count >= leaves, stop);
            }
            catch (RpcException fault) when (IsRefusal(fault))
            {
                say.Why = fault.Status.ToString();
                if (!isResumed) say.Outcome = Outcome.Refused;
                break;
            }
            catch (RpcException) when (!stop.IsCancellationRequested)
            {
                // It broke off.
            }

            say.Streams.Add(events.Watched);
            after = events.Last ?? after;
            leaves = null;
            if (events.Watched.Events is [.., { IsEnd: true }] || (say.Response is null && !wish.HasKey)) break;
            await over.CancelAsync();
            await Task.Delay(Pause, stop);
            wire = AnyWire(wire);
        }
        while (Stopwatch.GetElapsedTime(began) < Patience);
        say.Ended = Chronicle.Now;
        return say;
    }

    /// <summary>Answers whether a call may be made.</summary>
    public async Task ResolveAsync(string session, string turn, string callId, bool approve, CancellationToken stop)
    {
        var wire = AnyWire();
        var resolve = chronicle.Add(new Resolve { Tenant = tenant, Session = session, Via = wire.Name, Began = Chronicle.Now, CallId = callId, Approve = approve });
        await InsistAsync(resolve, wire, async (client, options) => await client.ResolveAsync(
            new ResolveRequest { SessionId = session, TurnId = turn, CallId = callId, Approve = approve }, options), stop);
    }

    public async Task CancelAsync(string session, string turn, CancellationToken stop)
    {
        var wire = AnyWire();
        var cancel = chronicle.Add(new Cancel { Tenant = tenant, Session = session, Via = wire.Name, Began = Chronicle.Now, Response = turn });
        await InsistAsync(cancel, wire, async (client, options) => await client.CancelAsync(new CancelRequest { SessionId = session, TurnId = turn }, options), stop);
    }

    /// <summary>The whole history, through any gateway or that one.</summary>
    public async Task<Read> ReadAsync(string session, int? gateway, bool isFinal, CancellationToken stop)
    {
        var wire = gateway is { } number ? wires[number] : AnyWire();
        var read = chronicle.Add(new Read { Tenant = tenant, Session = session, Via = wire.Name, Began = Chronicle.Now, IsFinal = isFinal });
        var items = new List<Checker.Evidence.Item>();
        try
        {
            for (var page = new ListItemsResponse { HasMore = true }; page.HasMore;)
            {
                page = await wire.Client.ListItemsAsync(
                    new ListItemsRequest { SessionId = session, Limit = 100, After = page.Items is [.., var last] ? last.Id : "" }, wire.Options(stop));
                items.AddRange(page.Items.Select(GrpcItems.Read));
            }

            (read.Items, read.Outcome) = (items, Outcome.Ok);
        }
        catch (RpcException fault) when (!stop.IsCancellationRequested)
        {
            (read.Outcome, read.Why) = (IsRefusal(fault) ? Outcome.Refused : Outcome.Unknown, fault.Status.ToString());
        }

        read.Ended = Chronicle.Now;
        return read;
    }

    /// <summary>What has become of a turn in the end.</summary>
    public async Task LookAsync(Say say, CancellationToken stop)
    {
        var began = Stopwatch.GetTimestamp();
        var wire = AnyWire();
        while (say.FinalStatus is null && Stopwatch.GetElapsedTime(began) < Patience)
        {
            try
            {
                var turn = await wire.Client.GetTurnAsync(new GetTurnRequest { SessionId = say.Session, TurnId = say.Response }, wire.Options(stop));
                say.FinalStatus = GrpcItems.Status(turn.Turn.Status);
            }
            catch (RpcException fault) when (!stop.IsCancellationRequested)
            {
                say.Why = fault.Status.ToString();
                if (IsRefusal(fault)) return;
                await Task.Delay(Pause, stop);
                wire = AnyWire(wire);
            }
        }
    }

    private async Task InsistAsync(Operation operation, GrpcWire wire, Func<Client.Grpc.V1.Conversations.ConversationsClient, CallOptions, Task> ask, CancellationToken stop)
    {
        var began = Stopwatch.GetTimestamp();
        while (operation.Outcome == Outcome.Unknown && Stopwatch.GetElapsedTime(began) < Patience)
        {
            try
            {
                await ask(wire.Client, wire.Options(stop));
                (operation.Outcome, operation.Why) = (Outcome.Ok, null);
            }
            catch (RpcException fault) when (!stop.IsCancellationRequested)
            {
                (operation.Outcome, operation.Why) = (IsRefusal(fault) ? Outcome.Refused : Outcome.Unknown, fault.Status.ToString());
                await Task.Delay(Pause, stop);
                wire = AnyWire(wire);
            }
        }

        operation.Ended = Chronicle.Now;
    }

    private static WatchRequest Rest(Say say, long? after)
    {
        var rest = new WatchRequest { SessionId = say.Session, TurnId = say.Response };
        if (after is { } number) rest.After = (int)number;
        return rest;
    }

    private static bool IsRefusal(RpcException fault) => fault.StatusCode
        is StatusCode.InvalidArgument or StatusCode.NotFound or StatusCode.Aborted or StatusCode.ResourceExhausted or StatusCode.AlreadyExists
        or StatusCode.FailedPrecondition or StatusCode.Unauthenticated;

    private static void Learn(Say say, Turn turn, IReadOnlyList<Client.Grpc.V1.Item> output)
    {
        (say.Outcome, say.Why) = (Outcome.Ok, null);
        say.Accepted ??= Chronicle.Now;
        say.Response ??= turn.Id;
        say.Status = GrpcItems.Status(turn.Status);
        if (say.Status == "completed") say.Answer = output.Select(GrpcItems.Read).LastOrDefault(item => item.IsAnswer)?.Text;
    }

    // Another one than the last, if there is.
    private GrpcWire AnyWire(GrpcWire? last = null)
    {
        var choice = wires.Where(wire => wire != last || wires.Count == 1).ToList();
        return choice[random.Next(choice.Count)];
    }
}
