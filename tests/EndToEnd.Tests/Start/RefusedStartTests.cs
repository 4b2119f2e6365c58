using Conversations.Testing;
using Npgsql;

namespace Conversations.EndToEnd.Tests.Start;

/// <summary>What keeps a host from starting is one sentence, and an exit code.</summary>
public sealed class RefusedStartTests(RefusedStartTests.Databases databases) : IClassFixture<RefusedStartTests.Databases>
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Host_EmptyDatabase_SaysWhatToRun(bool silo) =>
        (await RunAsync(silo, databases.Empty)).AssertRefused("run `Conversations.Silo migrate`");

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Host_ForeignSchema_SaysWhose(bool silo)
    {
        await databases.ExecuteAsync("create schema conversations; create table conversations.orders (id int)");
        try
        {
            (await RunAsync(silo, databases.Empty)).AssertRefused("has a schema 'conversations' that is not of Conversations");
        }
        finally
        {
            await databases.ExecuteAsync("drop schema conversations cascade");
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Host_NoDatabase_SaysSo(bool silo) =>
        (await RunAsync(silo, "Host=127.0.0.1;Port=1;Username=nobody;Password=x;Database=none")).AssertRefused("PostgreSQL cannot be reached");

    [Fact]
    public async Task Silo_ProductionWithoutAgents_SaysWhatToSet() =>
        (await HostRun.SiloAsync(databases.Migrated, ("ASPNETCORE_ENVIRONMENT", "Production"), ("DOTNET_ENVIRONMENT", "Production")))
            .AssertRefused("No agent is configured");

    [Fact]
    public async Task Silo_AgentWithoutKeyOrEndpoint_SaysWhatToSet() =>
        (await HostRun.SiloAsync(databases.Migrated, ("Agents__clever__Model", "some-model"))).AssertRefused("Agents:clever: set ApiKey");

    [Fact]
    public async Task Gateway_KeyThatIsNoHash_SaysWhichAndNotWhat()
    {
        var run = await HostRun.GatewayAsync(databases.Migrated, ("Tenants__acme__ApiKeys__0", "my-secret-key"));

        run.AssertRefused("Tenants:acme:ApiKeys:0 is no SHA-256");
        Assert.DoesNotContain("my-secret-key", run.Output + run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Host_ConfigFileThatIsNotThere_SaysWhich() =>
        (await HostRun.GatewayAsync(databases.Migrated, ("Conversations__ConfigFile", "/no/such/file.json"))).AssertRefused("/no/such/file.json");

    private static Task<HostRun> RunAsync(bool silo, string connectionString) =>
        silo ? HostRun.SiloAsync(connectionString) : HostRun.GatewayAsync(connectionString);

    /// <summary>One server with our schema and one without.</summary>
    public sealed class Databases : IAsyncLifetime
    {
        private TestPostgres? _migrated;
        private TestPostgres? _empty;

        /// <summary>The connection string of a database with our schema.</summary>
        public string Migrated => _migrated!.App;

        /// <summary>The connection string of a database with nothing in it.</summary>
        public string Empty => _empty!.Owner;

        public async Task InitializeAsync()
        {
            _migrated = await TestPostgres.StartAsync();
            _empty = await TestPostgres.StartAsync(migrate: false);
        }

        public async Task DisposeAsync()
        {
            await _empty!.DisposeAsync();
            await _migrated!.DisposeAsync();
        }

        /// <summary>Runs SQL in the empty one.</summary>
        public async Task ExecuteAsync(string sql)
        {
            await using var source = NpgsqlDataSource.Create(Empty + ";Pooling=false");
            await using var command = source.CreateCommand(sql);
            await command.ExecuteNonQueryAsync();
        }
    }
}
