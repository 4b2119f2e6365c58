using Npgsql;

namespace Conversations.Launcher.Postgres;

/// <summary>The databases and their two roles: one that owns and migrates it, one that serves from it and can change nothing of its shape.</summary>
internal static class PostgresRoles
{
    public const string Owner = "conversations_owner";
    public const string App = "conversations_app";

    private const string Database = "conversations";

    /// <summary>The name of a database, by its place from 0.</summary>
    public static string DatabaseOf(int index) => index == 0 ? Database : $"{Database}_{index + 1}";

    /// <summary>Makes what is missing; each step may have been the last of an earlier, interrupted start.</summary>
    public static async Task EnsureAsync(NpgsqlConnection superuser, PostgresPasswords passwords, int databases, CancellationToken cancellationToken)
    {
        await EnsureRoleAsync(superuser, Owner, passwords.Owner, cancellationToken);
        await EnsureRoleAsync(superuser, App, passwords.App, cancellationToken);
        for (var i = 0; i < databases; i++)
        {
            var name = DatabaseOf(i);
            if (!await ExistsAsync(superuser, $"select 1 from pg_database where datname = '{name}'", cancellationToken))
                await ExecuteAsync(superuser, $"create database {name} owner {Owner}", cancellationToken);
            await ExecuteAsync(superuser, $"revoke all on database {name} from public", cancellationToken);
            await ExecuteAsync(superuser, $"grant connect on database {name} to {App}", cancellationToken);
        }
    }

    private static async Task EnsureRoleAsync(NpgsqlConnection superuser, string role, string password, CancellationToken cancellationToken)
    {
        if (await ExistsAsync(superuser, $"select 1 from pg_roles where rolname = '{role}'", cancellationToken))
            return;
        await ExecuteAsync(superuser, $"create role {role} login nosuperuser nocreatedb nocreaterole password '{password}'", cancellationToken);
    }

    private static async Task<bool> ExistsAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = Command(connection, sql);
        return await command.ExecuteScalarAsync(cancellationToken) is not null;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = Command(connection, sql);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        return command;
    }
}
