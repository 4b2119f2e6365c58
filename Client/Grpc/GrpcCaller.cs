using Conversations.Client.Auth;
using Conversations.Client.Requests;
using Conversations.Sessions;
using Conversations.Turns;
using Grpc.Core;

namespace Conversations.Client.Grpc;

/// <summary>Who calls and what about; what is learnt of it goes into the log scope and the answer's headers.</summary>
internal static class GrpcCaller
{
    /// <summary>The header that names the silo that served the session.</summary>
    public const string SiloHeader = "x-conversations-silo";

    /// <summary>The caller's session of this id.</summary>
    public static SessionKey Session(this ServerCallContext context, string id)
    {
        var http = context.GetHttpContext();
        var key = GrpcRules.Session(http.User.Tenant(), id, "session_id");
        if (RequestScope.Of(http) is { } scope) scope.Session = key.Id;
        return key;
    }

    /// <summary>Notes which turn the call is about, and for whom.</summary>
    public static void Concerns(this ServerCallContext context, TurnId turn, string? user = null)
    {
        if (user is not null) CallerContext.User = user;
        if (RequestScope.Of(context.GetHttpContext()) is not { } scope) return;
        scope.Turn = turn.ToString();
        scope.User = user ?? scope.User;
    }

    /// <summary>The name of the request in the logs.</summary>
    public static string? RequestId(this ServerCallContext context) => RequestScope.Of(context.GetHttpContext())?.RequestId;

    /// <summary>Names the silo in the answer, if it is known and the answer has not begun.</summary>
    public static void ShowSilo(this ServerCallContext context, string? silo)
    {
        var http = context.GetHttpContext();
        if (silo is null || http.Response.HasStarted) return;
        http.Response.Headers[SiloHeader] = silo;
        if (RequestScope.Of(http) is { } scope) scope.Silo = silo;
    }
}
