namespace Conversations.Sessions;

/// <summary>
/// What a gateway tells a silo beside a call, for the logs alone: nothing is ever allowed or denied because of it, for anyone who can
/// call a grain can set it.
/// </summary>
public static class CallerContext
{
    private const string RequestIdKey = "conversations.request";
    private const string UserKey = "conversations.user";

    /// <summary>The id of the caller's request.</summary>
    public static string? RequestId
    {
        get => RequestContext.Get(RequestIdKey) as string;
        set => Set(RequestIdKey, value);
    }

    /// <summary>The person that the caller speaks for, as the caller names them.</summary>
    public static string? User
    {
        get => RequestContext.Get(UserKey) as string;
        set => Set(UserKey, value);
    }

    private static void Set(string key, string? value)
    {
        if (value is null) RequestContext.Remove(key);
        else RequestContext.Set(key, value);
    }
}
