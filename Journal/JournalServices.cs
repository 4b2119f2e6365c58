using System.Data.Common;
using Conversations.Journal.Migrations;
using Conversations.Journal.Reading;
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
    /// <summary>The key of the <see cref="NpgsqlDataSource"/> whose Search Path is the schema <c>conversations</c>.</summary>
    public const string Sessions = "conversations";

    /// <summary>The key of the <see cref="NpgsqlDataSource"/> whose Search Path is the schema <c>orleans</c>.</summary>
    public const string Orleans = "orleans";

    /// <summary>
    /// Adds the two data sources (keyed, one pool each), the <see cref="IJournalReader"/> and the check of the schema at start.
    /// The connection string is <c>ConnectionStrings:Conversations</c>.
    /// </summary>
    public static IServiceCollection AddJournal(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<JournalOptions>().Bind(configuration.GetSection("Postgres")).ValidateDataAnnotations().ValidateOnStart();
        services.TryAddKeyedSingleton(Sessions, (provider, _) => Source(provider, Sessions, o => o.SessionPoolSize));
        services.TryAddKeyedSingleton(Orleans, (provider, _) => Source(provider, Orleans, o => o.OrleansPoolSize));
        services.TryAddKeyedSingleton<DbDataSource>(Sessions, (provider, _) => new GroupingDataSource(
            provider.GetRequiredKeyedService<NpgsqlDataSource>(Sessions),
            provider.GetRequiredService<IOptions<JournalOptions>>().Value.WriteGroups));
        services.TryAddSingleton<IJournalReader>(p => new JournalReader(p.GetRequiredKeyedService<NpgsqlDataSource>(Sessions)));
        services.TryAddSingleton<ILineageReader>(p => new LineageReader(p.GetRequiredKeyedService<NpgsqlDataSource>(Sessions)));
        services.TryAddSingleton<ISessionEventReader>(p => new SessionEventReader(p.GetRequiredKeyedService<NpgsqlDataSource>(Sessions)));
        services.TryAddSingleton<IOrphanedSessions>(p => new OrphanedSessions(p.GetRequiredKeyedService<NpgsqlDataSource>(Sessions)));
        services.TryAddSingleton<IExpiredSessions>(p => new ExpiredSessions(p.GetRequiredKeyedService<NpgsqlDataSource>(Sessions)));
        return services;
    }

    /// <summary>Verifies the schema before anything else starts, migrating first if <c>ConnectionStrings:Migrate</c> is set.</summary>
    /// <exception cref="SchemaException">The process cannot serve from this database; the message says what to do.</exception>
    public static async Task PrepareJournalAsync(this IServiceProvider services, CancellationToken cancellationToken = default)
    {
        var configuration = services.GetRequiredService<IConfiguration>();
        if (configuration.GetConnectionString("Migrate") is { Length: > 0 } owner)
        {
            await Migrator.MigrateAsync(owner, AppRole(configuration), cancellationToken);
        }

        await SchemaCheck.VerifyAsync(services.GetRequiredKeyedService<NpgsqlDataSource>(Sessions), acceptsNewer: false, cancellationToken);
    }

    /// <summary>The role of the hosts' connection string, which a migration grants what they need.</summary>
    public static string AppRole(IConfiguration configuration) =>
        new NpgsqlConnectionStringBuilder(ConnectionString(configuration)).Username
            ?? throw new SchemaException("ConnectionStrings:Conversations names no user: set Username to the role that the hosts use.");

    private static string ConnectionString(IConfiguration configuration) =>
        configuration.GetConnectionString("Conversations") is { Length: > 0 } value
            ? value
            : throw new SchemaException(
                "ConnectionStrings:Conversations is not set: set it to a PostgreSQL database (deploy/up does that for you).");

    private static NpgsqlDataSource Source(IServiceProvider provider, string schema, Func<JournalOptions, int> poolSize)
    {
        var options = provider.GetRequiredService<IOptions<JournalOptions>>().Value;
        var connection = new NpgsqlConnectionStringBuilder(ConnectionString(provider.GetRequiredService<IConfiguration>()))
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
