namespace Conversations.Journal.Migrations;

/// <summary>The numbered files of <c>deploy/postgres</c>, as they were when this build was made.</summary>
internal static class SchemaScripts
{
    public const string JournalSchema = "conversations";
    public const string JournalTable = "migration";
    public const string ShardTable = "shard";

    public static readonly string[] Schemas = ["conversations", "orleans"];

    public static IReadOnlyList<(string Name, string Sql)> All { get; } = Load();

    private static (string Name, string Sql)[] Load()
    {
        var assembly = typeof(SchemaScripts).Assembly;
        return [.. assembly.GetManifestResourceNames()
            .Where(name => name.EndsWith(".sql", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(name =>
            {
                using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
                return (name, reader.ReadToEnd());
            })];
    }
}
