using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text.Json;
using Npgsql;

namespace Conversations.Launcher.Commands;

/// <summary>What a command line must fulfil. Each fault is one sentence.</summary>
internal static class UpValidation
{
    // As the hosts read it.
    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>Reads a number between two others, both allowed.</summary>
    public static Func<ArgumentResult, int> Between(string option, int least, int most) => result =>
    {
        var word = result.Tokens is [var token] ? token.Value : "";
        if (int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most)
            return value;
        result.AddError($"{option} takes a number from {least} to {most}, not '{word}'.");
        return 0;
    };

    public static void RequirePath(Option<string> option) => option.Validators.Add(result =>
    {
        if (Value(result) is { } path && string.IsNullOrWhiteSpace(path))
            result.AddError($"{option.Name} takes a directory, not an empty word.");
        else if (Value(result) is { } file && File.Exists(file))
            result.AddError($"{option.Name} takes a directory, but {file} is a file.");
    });

    public static void RequireJsonFile(Option<string> option) => option.Validators.Add(result =>
    {
        if (Value(result) is not { } path)
            return;
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllText(path), Lenient);
            if (json.RootElement.ValueKind != JsonValueKind.Object)
                result.AddError($"{option.Name}: {path} must hold a JSON object.");
        }
        catch (JsonException fault)
        {
            result.AddError($"{option.Name}: {path} is not JSON: {fault.Message}");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentException)
        {
            result.AddError($"{option.Name}: cannot read '{path}': {fault.Message}");
        }
    });

    public static void RequireConnectionString(Option<string> option) => option.Validators.Add(result =>
    {
        if (Value(result) is not { } text)
            return;
        try
        {
            if (string.IsNullOrEmpty(new NpgsqlConnectionStringBuilder(text).Host))
                result.AddError($"{option.Name} names no Host: it looks like 'Host=…;Database=…;Username=…;Password=…'.");
        }
        catch (ArgumentException fault)
        {
            // The text is not repeated: it may hold a password.
            result.AddError($"{option.Name} is no Npgsql connection string ('Host=…;Database=…;Username=…;Password=…'): {fault.Message}");
        }
    });

    public static void RequireRoomForPorts(CommandResult result, Option<int> port, Option<int> gateways)
    {
        if (Number(result, port) is { } first and <= ushort.MaxValue && Number(result, gateways) is { } count && first + (2L * count) - 1 > ushort.MaxValue)
            result.AddError($"{port.Name} {first} leaves no room for {count} × 2 ports below 65536.");
    }

    public static void RequireOneProcess(CommandResult result, Option<bool> mounted, Option<int> silos, Option<int> gateways)
    {
        if (result.GetResult(mounted) is not { Implicit: false })
            return;
        if ((IsGiven(result, silos) && Number(result, silos) != 1) || (IsGiven(result, gateways) && Number(result, gateways) != 1))
            result.AddError($"{mounted.Name} is one process: leave out {silos.Name} and {gateways.Name}.");
    }

    public static void RequirePrivateServer(CommandResult result, Option<int> databases, Option<string> postgres)
    {
        if (IsGiven(result, databases) && Number(result, databases) != 1 && IsGiven(result, postgres))
            result.AddError($"{databases.Name} is for the server that {result.Command.Name} starts: leave out {postgres.Name}.");
    }

    private static bool IsGiven(CommandResult result, Option option) => result.GetResult(option) is { Implicit: false };

    private static string? Value(OptionResult result) => result.Implicit || result.Tokens is not [var token] ? null : token.Value;

    // Null: no number, which is a fault of its own already.
    private static int? Number(CommandResult result, Option<int> option)
    {
        if (result.GetResult(option) is not { Implicit: false } given)
            return (int?)option.GetDefaultValue();
        return given.Tokens is [var token] && int.TryParse(token.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;
    }
}
