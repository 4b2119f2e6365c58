using Conversations.Journal.Migrations;
using Microsoft.Extensions.Configuration.Json;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Conversations.Client.Hosting;

/// <summary>What every process of the service has in common: where its settings come from, how it logs, how it says that it cannot start.</summary>
public static class ConversationsHost
{
    /// <summary>The key of the path of a JSON file that is laid over the appsettings; environment variables are laid over it.</summary>
    public const string ConfigFileKey = "Conversations:ConfigFile";

    private const int LogLineBytes = 16 * 1024;

    /// <summary>A builder whose appsettings lie beside the program, wherever it is started from.</summary>
    public static WebApplicationBuilder CreateBuilder(string[] args) =>
        WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });

    /// <summary>Adds the configuration file, if one is named, JSON logs in UTC with their scopes, the clock and the health checks.</summary>
    /// <exception cref="StartException">The configuration file does not exist or is no JSON.</exception>
    public static WebApplicationBuilder AddConversationsHost(this WebApplicationBuilder builder)
    {
        AddConfigFile(builder.Configuration);
        builder.Logging.ClearProviders().AddJsonConsole(json =>
        {
            json.IncludeScopes = true;
            json.UseUtcTimestamp = true;
            json.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";
        });
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddConversationsHealth();
        builder.Services.AddHostedService<ClockWatch>();
        return builder;
    }

    /// <summary>Runs a program and returns its exit code: what keeps it from starting is one sentence on standard error and a 1.</summary>
    public static async Task<int> RunAsync(Func<Task> program)
    {
        // A line of the log is one write: the console's own writer takes it apart every 256 bytes.
        Console.SetOut(new StreamWriter(Console.OpenStandardOutput(), bufferSize: LogLineBytes) { AutoFlush = true });
        try
        {
            await program();
            return Environment.ExitCode;
        }
        catch (Exception stopped) when (IsStopped(stopped))
        {
            // Stopped while it was starting.
            return 0;
        }
        catch (Exception fault) when (Sentence(fault) is { } sentence)
        {
            await Console.Error.WriteLineAsync(sentence);
            return 1;
        }
    }

    private static bool IsStopped(Exception fault) =>
        fault is OperationCanceledException || (fault is AggregateException several && several.InnerExceptions.All(IsStopped));

    private static string? Sentence(Exception fault) => fault switch
    {
        SchemaException or StartException => fault.Message,
        OptionsValidationException invalid => $"The configuration is invalid: {string.Join(' ', invalid.Failures)}",
        NpgsqlException => $"PostgreSQL cannot be reached: {fault.Message}",
        IOException => fault.Message,
        AggregateException { InnerExceptions: [var only] } => Sentence(only),
        AggregateException several when several.InnerExceptions.Select(Sentence).ToList() is var sentences && !sentences.Contains(null) =>
            string.Join(' ', sentences),
        _ => null,
    };

    private static void AddConfigFile(ConfigurationManager configuration)
    {
        if (configuration[ConfigFileKey] is not { Length: > 0 } path) return;
        var full = Path.GetFullPath(path);
        if (!File.Exists(full)) throw new StartException($"{ConfigFileKey} names a file that does not exist: {full}");
        var source = new JsonConfigurationSource { Path = full, Optional = false };
        source.ResolveFileProvider();
        var sources = ((IConfigurationBuilder)configuration).Sources;
        var last = sources.OfType<JsonConfigurationSource>().LastOrDefault();
        try
        {
            sources.Insert(last is null ? 0 : sources.IndexOf(last) + 1, source);
        }
        catch (InvalidDataException invalid)
        {
            throw new StartException($"The file that {ConfigFileKey} names cannot be read: {invalid.InnerException?.Message ?? invalid.Message}", invalid);
        }
    }
}
