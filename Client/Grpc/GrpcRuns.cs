using Conversations.Client.Requests;
using Conversations.Client.Sessions;
using Conversations.Sessions;
using Conversations.Turns;
using Grpc.Core;

namespace Conversations.Client.Grpc;

/// <summary>Has turns accepted, and shows them.</summary>
internal sealed class GrpcRuns(ISessions sessions, Creations creations, Leavers leavers, PrivateSessions privates)
{
    /// <summary>Has one accepted.</summary>
    public async Task<V1.SubmitResponse> SubmitAsync(V1.TurnRequest request, ServerCallContext context)
    {
        var wish = GrpcRequests.Read(context.Tenant(), request, isWatched: false);
        var created = await CreateAsync(wish, context, context.CancellationToken);
        return GrpcTurns.Write(created.Session, created.Submitted);
    }

    /// <summary>Has one accepted and shows it to the end.</summary>
    public async Task RunAsync(V1.TurnRequest request, IServerStreamWriter<V1.Event> stream, ServerCallContext context)
    {
        var wish = GrpcRequests.Read(context.Tenant(), request, isWatched: true);
        var cancels = GrpcRequests.ReadOnDisconnect(request.OnDisconnect);
        // Only what was accepted can be cancelled; and a turn that took this one's input in has other callers, too.
        var created = await CreateAsync(wish, context, cancels ? CancellationToken.None : context.CancellationToken);
        Task Serve() => ShowAsync(created.Session, created.Submitted.Turn, after: -1, stream, context);
        Task ServeLeaver() => cancels && created.IsAlone
            ? leavers.ServeAsync(created.Session, created.Turn, Serve, context.CancellationToken)
            : Serve();
        await privates.ServeAsync(created, wish.IdempotencyKey is not null, ServeLeaver, context.CancellationToken);
    }

    /// <summary>Shows a turn's events after a number.</summary>
    public async Task ShowAsync(SessionKey key, Turn turn, int after, IServerStreamWriter<V1.Event> stream, ServerCallContext context)
    {
        var events = new GrpcEvents(key, turn.Attempts);
        await foreach (var e in sessions.FollowAsync(key, turn.Id, after, context.CancellationToken))
        {
            await stream.WriteAsync(events.Write(e), context.CancellationToken);
        }
    }

    private async Task<Created> CreateAsync(TurnWish wish, ServerCallContext context, CancellationToken patience)
    {
        try
        {
            return await creations.CreateAsync(context.GetHttpContext(), wish, patience);
        }
        catch (RefusalException refusal) when (wish.Previous is not null)
        {
            throw GrpcRequests.OfPrevious(refusal);
        }
    }
}
