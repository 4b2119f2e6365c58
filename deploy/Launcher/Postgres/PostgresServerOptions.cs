namespace Conversations.Launcher.Postgres;

/// <summary>How to run a private PostgreSQL.</summary>
public sealed record PostgresServerOptions
{
    /// <summary>The directory that holds <c>postgres/</c>, the data, and <c>logs/postgres.log</c>; made if missing.</summary>
    public required string Directory { get; init; }

    /// <summary>The most connections at a time. Default: 200.</summary>
    public int MaxConnections { get; init; } = 200;

    /// <summary>How many databases it has. Default: 1.</summary>
    public int Databases { get; init; } = 1;

    /// <summary>How long a start may take, crash recovery included. Default: 2 minutes.</summary>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Whether its data is removed when it is disposed of: for tests. Default: false.</summary>
    public bool DeleteOnDispose { get; init; }

    /// <summary>Further settings of <c>postgresql.conf</c>, which win over the launcher's own. Default: none.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();
}
