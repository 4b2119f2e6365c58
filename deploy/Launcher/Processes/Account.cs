namespace Conversations.Launcher.Processes;

/// <summary>An operating system account that a process of root's is run under.</summary>
/// <param name="Name">Its name, for messages.</param>
/// <param name="UserId">Its user.</param>
/// <param name="GroupId">Its first group.</param>
internal sealed record Account(string Name, string UserId, string GroupId)
{
    /// <summary>Arguments of <c>setpriv</c> that become this account for good.</summary>
    public string[] SetprivArguments => ["--reuid", UserId, "--regid", GroupId, "--clear-groups"];

    /// <summary>The account of that name, or null.</summary>
    public static async Task<Account?> FindAsync(string nameOrId, CancellationToken cancellationToken)
    {
        var user = await Tool.RunAsync(["id", "-u", nameOrId], cancellationToken);
        var group = await Tool.RunAsync(["id", "-g", nameOrId], cancellationToken);
        return user.Succeeded && group.Succeeded ? new Account(nameOrId, user.Output.Trim(), group.Output.Trim()) : null;
    }
}
