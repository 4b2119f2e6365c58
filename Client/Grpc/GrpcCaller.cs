using Conversations.Client.Auth;
using Conversations.Client.Requests;
using Conversations.Sessions;
using Conversations.Turns;
using Grpc.Core;

namespace Conversations.Client.Grpc;

/// <summary>Who calls and what about; what is learnt of it goes into the log scope and the answer's headers.</summary>
internal static class GrpcCaller
{
    /// <summary>The caller's session of this id.</summary>
    public static SessionKey Session(this ServerCallContext context, string id)
    {
        var http = context.GetHttpContext();
        var key = GrpcRules.Session(http.User.Tenant(), id, "session_id");
        http.AboutSession(key);
        return key;
    }

    /// <summary>Notes which turn the call is about.</summary>
    public static void Concerns(this ServerCallContext context, TurnId turn) => context.GetHttpContext().AboutTurn(turn);

    /// <summary>Notes which turn the call wishes for, and for whom.</summary>
    public static void Concerns(this ServerCallContext context, TurnRequest request)
    {
        context.Concerns(request.Id);
        context.GetHttpContext().AboutUser(request.Options.User);
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
