namespace Conversations.Silo.Dashboard;

/// <summary>Who may look in; the section <c>Operators</c>.</summary>
internal sealed class OperatorOptions
{
    /// <summary>SHA-256 hashes, in hex, of the passwords that open the dashboard, under any user name. Default: none; in Development <c>dev-admin</c>.</summary>
    public IList<string> Passwords { get; } = [];
}
