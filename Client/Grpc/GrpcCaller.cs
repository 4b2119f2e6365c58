using Conversations.Client.Auth;
using Conversations.Client.Requests;
using Conversations.Client.Sessions;
using Conversations.Sessions;
using Conversations.Turns;
using Grpc.Core;

namespace Conversations.Client.Grpc;

/// <summary>Who calls and what about; what is learnt of it goes into the log scope and the answer's headers.</summary>
internal static class GrpcCaller
{
    /// <summary>Whose sessions the call is about.</summary>
    public static string Tenant(this ServerCallContext context) => context.GetHttpContext().User.Tenant();

    /// <summary>The caller's session of this id.</summary>
    public static SessionKey Session(this ServerCallContext context, string id) =>
        context.Concerns(GrpcRules.Session(context.Tenant(), id, "session_id"));

    /// <summary>A session that the caller leaves to us to name; with a key, the one that the key always leads to, by either wire.</summary>
    public static SessionKey NewSession(this ServerCallContext context, string idempotencyKey) => context.Concerns(
        GrpcRules.IdempotencyKey(idempotencyKey, "idempotency_key") is { } key
            ? MintedId.FromKey(context.Tenant(), "conversation", key)
            : MintedId.New(context.Tenant()));

    /// <summary>Notes which turn the call is about.</summary>
    public static void Concerns(this ServerCallContext context, TurnId turn) => context.GetHttpContext().AboutTurn(turn);

    /// <summary>Notes which turn the call wishes for, and for whom.</summary>
    public static void Concerns(this ServerCallContext context, TurnRequest request)
    {
        context.Concerns(request.Id);
        context.GetHttpContext().AboutUser(request.Options.User);
    }

    private static SessionKey Concerns(this ServerCallContext context, SessionKey key)
    {
        context.GetHttpContext().AboutSession(key);
        return key;
    }

    /// <summary>The name of the request in the logs.</summary>
    public static string? RequestId(this ServerCallContext context) => RequestScope.Of(context.GetHttpContext())?.RequestId;

    /// <summary>Names the silo in the answer, if it is known and the answer has not begun.</summary>
    public static void ShowSilo(this ServerCallContext context, string? silo)
    {
        var http = context.GetHttpContext();
        if (!http.Response.HasStarted) http.ServedBy(silo);
    }
}
