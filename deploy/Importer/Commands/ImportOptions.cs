namespace Conversations.Importer.Commands;

/// <summary>Where the histories are.</summary>
internal enum SourceKind
{
    Postgres,
    Redis,
}

/// <summary>What the command line asks for.</summary>
internal sealed record ImportOptions
{
    public const string DefaultTable = "message_store";
    public const string DefaultPrefix = "message_store:";

    public required SourceKind From { get; init; }

    /// <summary>An Npgsql connection string, or a Redis address.</summary>
    public required string Connection { get; init; }

    public string Table { get; init; } = DefaultTable;

    public string Prefix { get; init; } = DefaultPrefix;

    /// <summary>The service, without <c>/v1</c>.</summary>
    public required Uri To { get; init; }

    public required string Key { get; init; }

    /// <summary>Only say what would be done.</summary>
    public bool DryRun { get; init; }
}
