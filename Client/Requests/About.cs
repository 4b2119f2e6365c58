using System.Globalization;
using Conversations.Sessions;
using Conversations.Turns;

namespace Conversations.Client.Requests;

/// <summary>Notes what a request turned out to be about: for the logs on both sides, and for the caller.</summary>
internal static class About
{
    private const string SiloHeader = "x-conversations-silo";
    private const string PositionHeader = "x-conversations-position";

    public static void AboutSession(this HttpContext http, SessionKey key)
    {
        if (RequestScope.Of(http) is { } scope) scope.Session = key.Id;
    }

    public static void AboutTurn(this HttpContext http, TurnId turn)
    {
        if (RequestScope.Of(http) is { } scope) scope.Turn = turn.ToString();
    }

    public static void AboutUser(this HttpContext http, string? user)
    {
        if (RequestScope.Of(http) is { } scope) scope.User = user;
        CallerContext.User = user;
    }

    /// <summary>How many turns run or wait before the one that the answer is about.</summary>
    public static void QueuedAt(this HttpContext http, int position)
    {
        if (position > 0 && !http.Response.HasStarted) http.Response.Headers[PositionHeader] = position.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>The silo that serves the session; every answer about a session names it.</summary>
    public static void ServedBy(this HttpContext http, string? silo)
    {
        if (silo is null) return;
        if (RequestScope.Of(http) is { } scope) scope.Silo = silo;
        if (!http.Response.HasStarted) http.Response.Headers[SiloHeader] = silo;
    }
}
