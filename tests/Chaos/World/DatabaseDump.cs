using Npgsql;

namespace Conversations.Chaos.World;

/// <summary>All rows of the service's tables and of the cluster's, as CSV, a file each.</summary>
internal static class DatabaseDump
{
    public static async Task WriteAsync(NpgsqlDataSource database, string directory, CancellationToken stop)
    {
        Directory.CreateDirectory(directory);
        await using var connection = await database.OpenConnectionAsync(stop);
        foreach (var table in await TablesAsync(connection, stop))
        {
            using var rows = await connection.BeginTextExportAsync($"copy (select * from {table}) to stdout (format csv, header)", stop);
            await using var file = File.CreateText(Path.Combine(directory, $"{table}.csv"));
            while (await rows.ReadLineAsync(stop) is { } row) await file.WriteLineAsync(row);
        }
    }

    private static async Task<List<string>> TablesAsync(NpgsqlConnection connection, CancellationToken stop)
    {
        await using var command = new NpgsqlCommand("select schemaname || '.' || tablename from pg_tables where schemaname in ('conversations', 'orleans') order by 1", connection);
        await using var row = await command.ExecuteReaderAsync(stop);
        var tables = new List<string>();
        while (await row.ReadAsync(stop)) tables.Add(row.GetString(0));
        return tables;
    }
}
