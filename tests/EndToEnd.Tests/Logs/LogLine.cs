using System.Text.Json.Nodes;

namespace Conversations.EndToEnd.Tests.Logs;

/// <summary>One line of a host's log, with its scopes laid over each other.</summary>
internal sealed class LogLine(JsonObject line)
{
    private readonly Dictionary<string, string?> _scope = line["Scopes"]?.AsArray().OfType<JsonObject>()
        .SelectMany(scope => scope)
        .GroupBy(entry => entry.Key)
        .ToDictionary(group => group.Key, group => group.Last().Value?.ToString()) ?? [];

    /// <summary>What its scopes say; null if nothing.</summary>
    public string? this[string name] => _scope.GetValueOrDefault(name);

    public override string ToString() => line.ToJsonString();

    /// <summary>The lines of a log that contain a text.</summary>
    public static async Task<IReadOnlyList<LogLine>> FindAsync(string file, string text) =>
    [
        .. (await ReadAsync(file)).Split('\n')
            .Where(line => line.StartsWith('{') && line.EndsWith('}') && line.Contains(text, StringComparison.Ordinal))
            .Select(line => new LogLine(JsonNode.Parse(line)!.AsObject())),
    ];

    /// <summary>A whole log, while its process writes on.</summary>
    public static async Task<string> ReadAsync(string file)
    {
        await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync();
    }
}
