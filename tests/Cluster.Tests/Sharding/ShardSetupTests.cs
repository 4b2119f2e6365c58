using Conversations.Journal;
using Conversations.Journal.Migrations;
using Conversations.Launcher.Postgres;
using Conversations.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Conversations.Cluster.Tests.Sharding;

/// <summary>Each database remembers which of how many it is.</summary>
public sealed class ShardSetupTests : IAsyncLifetime
{
    private TestPostgres _postgres = null!;

    public async Task InitializeAsync() => _postgres = await TestPostgres.StartAsync(migrate: false, databases: 3);

    public async Task DisposeAsync() => await _postgres.DisposeAsync();

    [Fact]
    public async Task Prepare_Databases_AreMigratedAndServedOnlyAsTheyWereSetUp()
    {
        await PrepareAsync(Settings([0, 1], migrate: true));
        await PrepareAsync(Settings([0, 1]));

        await RefusedAsync("'conversations_2' was set up as number 2 of 2 and is listed as number 1 of 2: list in ConnectionStrings:Conversations all", [1, 0]);
        await RefusedAsync("'conversations' was set up as number 1 of 2 and is listed as number 1 of 1", [0]);
        await RefusedAsync("'conversations' was set up as number 1 of 2 and is listed as number 2 of 2", [0, 0], migrate: true);
        await RefusedAsync("'conversations' was set up as number 1 of 2 and is listed as number 1 of 3", [0, 1, 2], migrate: true);
        await RefusedAsync("'conversations_3' has no schema of Conversations", [2]);
        var unequal = await Assert.ThrowsAsync<SchemaException>(() => PrepareAsync(Settings([0, 1]).Append(new("ConnectionStrings:Migrate", _postgres.Owner))));
        Assert.Contains("ConnectionStrings:Migrate names 1 and ConnectionStrings:Conversations 2 databases", unequal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Role_OfTheHosts_CannotChangeWhichDatabaseItIs()
    {
        await PrepareAsync(Settings([0], migrate: true));

        foreach (var change in (string[])["update conversations.shard set count = 2", "delete from conversations.shard", "insert into conversations.shard values (1, 2)"])
        {
            Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, (await Assert.ThrowsAsync<PostgresException>(() => ExecuteAsync(_postgres.App, change))).SqlState);
        }
    }

    [Fact]
    public async Task Migrate_DatabaseThatHadSessionsBefore_IsTheOnlyOne()
    {
        await Migrator.MigrateAsync(_postgres.Owner, PostgresServer.AppRole);
        await ExecuteAsync(
            _postgres.Owner,
            """
            drop table conversations.shard;
            drop function conversations.shard_of;
            delete from conversations.migration where scriptname = '0006_shards.sql';
            insert into conversations.session (tenant, session, version, created_at) values ('acme', '42', 1, now());
            """);

        await RefusedAsync("'conversations' was set up as number 1 of 1 and is listed as number 1 of 2", [0, 1], migrate: true);
        await PrepareAsync(Settings([0], migrate: true));
    }

    private async Task RefusedAsync(string part, int[] databases, bool migrate = false) => Assert.Contains(
        part, (await Assert.ThrowsAsync<SchemaException>(() => PrepareAsync(Settings(databases, migrate)))).Message, StringComparison.Ordinal);

    private IEnumerable<KeyValuePair<string, string?>> Settings(int[] databases, bool migrate = false)
    {
        foreach (var (i, database) in databases.Index())
        {
            yield return new($"ConnectionStrings:Conversations:{i}", _postgres.Server.AppConnectionStrings[database]);
            if (migrate) yield return new($"ConnectionStrings:Migrate:{i}", _postgres.Server.OwnerConnectionStrings[database]);
        }
    }

    // As a host starts.
    private static async Task PrepareAsync(IEnumerable<KeyValuePair<string, string?>> settings)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        await using var services = new ServiceCollection().AddSingleton<IConfiguration>(configuration).AddJournal(configuration).BuildServiceProvider();
        await services.PrepareJournalAsync();
    }

    private static async Task ExecuteAsync(string connectionString, string sql)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
