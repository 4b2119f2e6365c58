using System.Text.RegularExpressions;

namespace Conversations.Client.OpenAI.Parsing;

/// <summary>
/// The members of a body that its readers ask for, whether they are there or not: what the reference must tell of. Notes them of a
/// request that has this among its features; in production none has.
/// </summary>
internal sealed partial class MembersRead
{
    private readonly HashSet<string> _paths = new(StringComparer.Ordinal);

    /// <summary>The paths, like <c>input[].content[].text</c>; of what is kept as it is, with <c>.*</c> behind it.</summary>
    public IReadOnlySet<string> Paths => _paths;

    public void Note(string path) => _paths.Add(Index().Replace(path, "[]"));

    [GeneratedRegex(@"\[\d+\]")]
    private static partial Regex Index();
}
