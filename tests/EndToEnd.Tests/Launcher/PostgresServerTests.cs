using Conversations.Launcher;
using Conversations.Launcher.Postgres;
using Npgsql;

namespace Conversations.EndToEnd.Tests.Launcher;

public sealed class PostgresServerTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("conversations-test-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task StartAsync_AfterKill_ServesTheSameDataOnTheSamePort()
    {
        await using var server = await OpenAsync();
        await server.StartAsync();
        var before = server.AppConnectionString;
        await ExecuteAsync(server.OwnerConnectionString, "create table kept (n int); insert into kept values (42)");

        await server.KillAsync();
        Assert.False(server.IsRunning);
        await server.StartAsync();

        Assert.Equal(before, server.AppConnectionString);
        Assert.Equal(42, await ScalarAsync(server.OwnerConnectionString, "select n from kept"));
    }

    [Fact]
    public async Task StartAsync_InAnotherLife_ServesTheSameData()
    {
        var options = new PostgresServerOptions { Directory = _directory };
        await using (var first = await PostgresServer.OpenAsync(options))
        {
            await first.StartAsync();
            await ExecuteAsync(first.OwnerConnectionString, "create table kept (n int); insert into kept values (7)");
        }

        await using var second = await OpenAsync();
        await second.StartAsync();

        Assert.Equal(7, await ScalarAsync(second.OwnerConnectionString, "select n from kept"));
    }

    [Fact]
    public async Task StartAsync_StalePidFileOfAStranger_Starts()
    {
        await using var server = await OpenAsync();
        await server.StartAsync();
        await server.KillAsync();
        // A process that lives and is not PostgreSQL: by the number alone PostgreSQL would refuse to start.
        await File.WriteAllTextAsync(Path.Combine(server.Directory, "data", "postmaster.pid"), "1\n/elsewhere\n");

        await server.StartAsync();

        Assert.Equal(1, await ScalarAsync(server.AppConnectionString, "select 1"));
    }

    [Fact]
    public async Task Pause_UntilResume_Hangs()
    {
        await using var server = await OpenAsync();
        await server.StartAsync();
        await using var connection = new NpgsqlConnection(server.AppConnectionString);
        await connection.OpenAsync();

        server.Pause();
        await using var command = new NpgsqlCommand("select 1", connection);
        var answer = command.ExecuteScalarAsync();
        Assert.NotSame(answer, await Task.WhenAny(answer, Task.Delay(TimeSpan.FromMilliseconds(300))));
        server.Resume();

        Assert.Equal(1, await answer.WaitAsync(TimeSpan.FromSeconds(10)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task StopAsync_PausedOrNot_Ends(bool pause)
    {
        await using var server = await OpenAsync();
        await server.StartAsync();
        if (pause)
            server.Pause();

        await server.StopAsync();

        Assert.False(server.IsRunning);
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => ScalarAsync(server.AppConnectionString, "select 1"));
    }

    [Fact]
    public async Task OpenAsync_TwoAtOnce_AreIndependent()
    {
        var other = Directory.CreateTempSubdirectory("conversations-test-").FullName;
        try
        {
            await using var first = await OpenAsync();
            await using var second = await PostgresServer.OpenAsync(new PostgresServerOptions { Directory = other, DeleteOnDispose = true });
            await Task.WhenAll(first.StartAsync(), second.StartAsync());

            await first.KillAsync();

            Assert.NotEqual(first.Port, second.Port);
            Assert.Equal(1, await ScalarAsync(second.AppConnectionString, "select 1"));
        }
        finally
        {
            Directory.Delete(other, recursive: true);
        }
    }

    [Fact]
    public async Task OpenAsync_DirectoryInUse_IsRefused()
    {
        await using var server = await OpenAsync();

        var fault = await Assert.ThrowsAsync<LauncherException>(OpenAsync);

        Assert.Contains("end that one first", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AppRole_MayConnect_ButMakesNothing()
    {
        await using var server = await OpenAsync();
        await server.StartAsync();

        var fault = await Assert.ThrowsAsync<PostgresException>(() => ExecuteAsync(server.AppConnectionString, "create table mine (n int)"));

        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, fault.SqlState);
        Assert.Equal("on on on", await ScalarAsync(server.AppConnectionString, "select concat_ws(' ', current_setting('fsync'), current_setting('synchronous_commit'), current_setting('full_page_writes'))"));
    }

    [Fact]
    public async Task DisposeAsync_DeleteOnDispose_LeavesNothing()
    {
        string files;
        await using (var server = await OpenAsync())
        {
            await server.StartAsync();
            files = server.Directory;
        }

        Assert.False(Directory.Exists(files));
        Assert.False(Path.Exists(Path.Combine(_directory, "postgres")));
    }

    private Task<PostgresServer> OpenAsync() => PostgresServer.OpenAsync(new PostgresServerOptions { Directory = _directory, DeleteOnDispose = true });

    private static async Task ExecuteAsync(string connectionString, string sql) => await ScalarAsync(connectionString, sql);

    private static async Task<object?> ScalarAsync(string connectionString, string sql)
    {
        // A pool would hand out connections to a server that was killed since.
        await using var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }
}
