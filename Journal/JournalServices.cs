using System.Data.Common;
using Conversations.Journal.Migrations;
using Conversations.Journal.Reading;
using Conversations.Journal.Sharding;
using Conversations.Journal.Writing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Conversations.Journal;

/// <summary>Puts the database within reach of a process.</summary>
public static class JournalServices
{
    /// <summary>The key of the <see cref="NpgsqlDataSource"/> whose Search Path is the schema <c>orleans</c>.</summary>
    public const string Orleans = "orleans";

    private const string Sessions = "conversations";
    private const string Setting = "Conversations";

    /// <summary>
    /// Adds the <see cref="SessionDatabases"/> and the data source of Orleans' own tables (one pool each), what reads the journal, and
    /// the check of the schema at start. <c>ConnectionStrings:Conversations</c> is the connection string, or a list of them: then
    /// sessions are spread over these databases, and Orleans' own tables are in the first.
    /// </summary>
    public static IServiceCollection AddJournal(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<JournalOptions>().Bind(configuration.GetSection("Postgres")).ValidateDataAnnotations().ValidateOnStart();
        var count = CountDatabases(configuration);
        // Keyed services of the container's own, so that it disposes of them.
        for (var i = 0; i < count; i++)
        {
            var index = i;
            services.TryAddKeyedSingleton(SessionsOf(index), (provider, _) => Source(provider, index, Sessions, o => o.SessionPoolSize));
            services.TryAddKeyedSingleton<DbDataSource>(SessionsOf(index), (provider, key) => new GroupingDataSource(
                provider.GetRequiredKeyedService<NpgsqlDataSource>(key),
                provider.GetRequiredService<IOptions<JournalOptions>>().Value.WriteGroups));
        }

        services.TryAddKeyedSingleton(Orleans, (provider, _) => Source(provider, 0, Orleans, o => o.OrleansPoolSize));
        services.TryAddSingleton(provider => new SessionDatabases(
            [.. Enumerable.Range(0, count).Select(index => provider.GetRequiredKeyedService<NpgsqlDataSource>(SessionsOf(index)))]));
        services.TryAddSingleton(new ShardMap(count));
        services.TryAddSingleton<IJournalReader>(p => new JournalReader(p.GetRequiredService<SessionDatabases>()));
        services.TryAddSingleton<ILineageReader>(p => new LineageReader(p.GetRequiredService<SessionDatabases>()));
        services.TryAddSingleton<ISessionEventReader>(p => new SessionEventReader(p.GetRequiredService<SessionDatabases>()));
        services.TryAddSingleton<IOrphanedSessions>(
            p => new OrphanedSessions(p.GetRequiredService<SessionDatabases>(), p.GetRequiredKeyedService<NpgsqlDataSource>(Orleans)));
        services.TryAddSingleton<IExpiredSessions>(p => new ExpiredSessions(p.GetRequiredService<SessionDatabases>()));
        return services;
    }

    /// <summary>Verifies every database before anything else starts, migrating first if <c>ConnectionStrings:Migrate</c> is set.</summary>
    /// <exception cref="SchemaException">The process cannot serve from these databases; the message says what to do.</exception>
    public static async Task PrepareJournalAsync(this IServiceProvider services, CancellationToken cancellationToken = default)
    {
        await TryMigrateAsync(services.GetRequiredService<IConfiguration>(), cancellationToken);
        var databases = services.GetRequiredService<SessionDatabases>();
        for (var i = 0; i < databases.All.Count; i++)
        {
            await SchemaCheck.VerifyAsync(databases.All[i], databases.Shard(i), acceptsNewer: false, cancellationToken);
        }
    }

    /// <summary>
    /// Brings every database to this build's schema as its owner, whose connection strings are <c>ConnectionStrings:Migrate</c>: as many
    /// as the hosts', in the same order. Each host's role is granted what it needs.
    /// </summary>
    /// <returns>False: <c>ConnectionStrings:Migrate</c> is not set.</returns>
    /// <exception cref="SchemaException">A migration failed; those before it are done, and running it again goes on.</exception>
    public static async Task<bool> TryMigrateAsync(IConfiguration configuration, CancellationToken cancellationToken = default)
    {
        var owners = ConnectionList.Read(configuration, "Migrate");
        if (owners.Count == 0) return false;
        var hosts = ConnectionStrings(configuration);
        if (owners.Count != hosts.Count)
        {
            throw new SchemaException(
                $"ConnectionStrings:Migrate names {owners.Count} and ConnectionStrings:Conversations {hosts.Count} databases: name the same ones, in the same order.");
        }

        for (var i = 0; i < owners.Count; i++)
        {
            var role = new NpgsqlConnectionStringBuilder(hosts[i]).Username
                ?? throw new SchemaException("ConnectionStrings:Conversations names no user: set Username to the role that the hosts use.");
            await Migrator.MigrateAsync(owners[i], role, new Shard(i + 1, owners.Count), cancellationToken);
        }

        return true;
    }

    /// <summary>How many databases hold sessions; a setting that is missing is found missing when it is used.</summary>
    public static int CountDatabases(IConfiguration configuration) => Math.Max(1, ConnectionList.Read(configuration, Setting).Count);

    /// <summary>
    /// The key of the <see cref="NpgsqlDataSource"/> of a database of sessions, by its place from 0, whose Search Path is the schema
    /// <c>conversations</c>; and of the <see cref="DbDataSource"/> over it for the storage provider.
    /// </summary>
    public static string SessionsOf(int index) => index == 0 ? Sessions : $"{Sessions}-{index + 1}";

    private static IReadOnlyList<string> ConnectionStrings(IConfiguration configuration) =>
        ConnectionList.Read(configuration, Setting) is { Count: > 0 } strings
            ? strings
            : throw new SchemaException(
                "ConnectionStrings:Conversations is not set: set it to a PostgreSQL database (deploy/up does that for you).");

    private static NpgsqlDataSource Source(IServiceProvider provider, int index, string schema, Func<JournalOptions, int> poolSize)
    {
        var options = provider.GetRequiredService<IOptions<JournalOptions>>().Value;
        var connection = new NpgsqlConnectionStringBuilder(ConnectionStrings(provider.GetRequiredService<IConfiguration>())[index])
        {
            SearchPath = schema,
            MaxPoolSize = poolSize(options),
            CommandTimeout = options.CommandTimeoutSeconds,
            // A statement that runs often is parsed and planned once per connection.
            MaxAutoPrepare = 32,
            AutoPrepareMinUsages = 2,
            // Nothing here changes how a connection behaves, so none needs seven statements that undo it each time it is given back.
            NoResetOnClose = schema == Sessions,
            // A group of writes leaves in one piece.
            WriteBufferSize = schema == Sessions ? 65_536 : 8_192,
        };
        var builder = new NpgsqlDataSourceBuilder(connection.ConnectionString);
        if (schema == Sessions)
        {
            builder.MapComposite<HeadChange>("conversations.head_change");
            builder.MapComposite<TurnChange>("conversations.turn_change");
            builder.MapComposite<ItemChange>("conversations.item_change");
        }

        return builder.Build();
    }
}
