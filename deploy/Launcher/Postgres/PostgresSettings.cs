using System.Globalization;

namespace Conversations.Launcher.Postgres;

/// <summary>What a private PostgreSQL is told on its command line, which wins over whatever its configuration file says.</summary>
internal static class PostgresSettings
{
    /// <summary>Loopback only, nothing in the file system's shared places, and everything that is acknowledged is on disk.</summary>
    public static IEnumerable<string> Arguments(PostgresServerOptions options, int port)
    {
        var settings = new Dictionary<string, string>
        {
            ["listen_addresses"] = "127.0.0.1",
            ["port"] = port.ToString(CultureInfo.InvariantCulture),
            // None: a socket's path may be 107 bytes at most, and a clone may lie deep.
            ["unix_socket_directories"] = "",
            ["max_connections"] = options.MaxConnections.ToString(CultureInfo.InvariantCulture),
            ["fsync"] = "on",
            ["full_page_writes"] = "on",
            ["synchronous_commit"] = "on",
            ["logging_collector"] = "off",
            ["log_destination"] = "stderr",
            ["log_line_prefix"] = "%m [%p] %q%u@%d ",
        };
        foreach (var (name, value) in options.Settings)
            settings[name] = value;
        return settings.SelectMany(s => new[] { "-c", $"{s.Key}={s.Value}" });
    }
}
