using System.ComponentModel.DataAnnotations;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;

namespace Conversations.Grains.Tools.Mcp;

/// <summary>Reads the section <c>Mcp</c>.</summary>
internal static partial class McpSettings
{
    /// <summary>The servers that can be used, by name; what is wrong with the others is added to <paramref name="faults"/>.</summary>
    public static IReadOnlyDictionary<string, McpServerOptions> Read(IConfiguration configuration, List<string> faults)
    {
        var servers = new Dictionary<string, McpServerOptions>(StringComparer.Ordinal);
        foreach (var section in configuration.GetSection("Mcp").GetChildren())
        {
            var found = new List<string>();
            try
            {
                var options = section.Get<McpServerOptions>() ?? new McpServerOptions();
                found.AddRange(Check(section.Key, options));
                servers.Add(section.Key, options);
            }
            catch (InvalidOperationException e)
            {
                found.Add(e.Message);
            }

            faults.AddRange(found.Select(f => $"Mcp:{section.Key}: {f}"));
        }

        return servers;
    }

    private static IEnumerable<string> Check(string name, McpServerOptions options)
    {
        // A tool is called SERVER_TOOL: without '_' in the server's name that is one server's alone.
        if (!NameRule().IsMatch(name)) yield return "its name must be 1 to 32 of A-Z, a-z, 0-9 and -.";
        var results = new List<ValidationResult>();
        Validator.TryValidateObject(options, new ValidationContext(options), results, validateAllProperties: true);
        foreach (var result in results) yield return result.ErrorMessage!;
        if (string.IsNullOrWhiteSpace(options.Command) == options.Url is null) yield return "set either Command or Url.";
        if (options.Url is { } url && url is not { IsAbsoluteUri: true, Scheme: "http" or "https" }) yield return "Url must be an http or https address.";
        if (options.WorkingDirectory is { } directory && !Directory.Exists(directory)) yield return $"WorkingDirectory is not there: {directory}.";
        if (options.ApiKeyFile is { } file)
        {
            if (File.Exists(file)) options.ApiKey = File.ReadAllText(file).Trim();
            else yield return $"ApiKeyFile names a file that is not there: {file}.";
        }

        if (options.ApiKey is { } key && (key.Length == 0 || key.Any(c => c is < '!' or > '~'))) yield return "ApiKey must be visible ASCII.";
        foreach (var (header, value) in options.Headers)
        {
            using var probe = new HttpRequestMessage();
            if (!probe.Headers.TryAddWithoutValidation(header, value) || value.Any(char.IsControl)) yield return $"Headers:{header} cannot be sent.";
        }

        if (options.Tools.Count == 0) yield break;
        foreach (var tool in options.Idempotent.Concat(options.NeedsApproval).Where(t => t != "*").Except(options.Tools, StringComparer.Ordinal))
        {
            yield return $"Tools does not name '{tool}', which Idempotent or NeedsApproval does.";
        }
    }

    [GeneratedRegex(@"^[A-Za-z0-9-]{1,32}\z")]
    private static partial Regex NameRule();
}
