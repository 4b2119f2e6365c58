using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;

namespace Conversations.Importer.Commands;

/// <summary>The command line of <c>deploy/import</c>: names, defaults, words of help.</summary>
internal sealed class ImportCommand
{
    /// <summary>Where secrets can be left, so that they are in no list of processes.</summary>
    public const string KeyVariable = "CONVERSATIONS_KEY";

    /// <inheritdoc cref="KeyVariable"/>
    public const string ConnectionVariable = "CONVERSATIONS_IMPORT_CONNECTION";

    private readonly Option<SourceKind> _from = new("--from")
    {
        Description = "Where the histories are.",
        HelpName = "postgres|redis",
        Required = true,
        CustomParser = result => result.Tokens is [var word] && Enum.TryParse<SourceKind>(word.Value, ignoreCase: true, out var kind) && Enum.IsDefined(kind)
            ? kind
            : Refuse<SourceKind>(result, "--from takes postgres or redis."),
    };

    private readonly Option<string> _connection = new("--connection")
    {
        Description = $"'Host=…;Database=…;Username=…;Password=…', or 'redis://[user:password@]host:port[/db]'. [default: ${ConnectionVariable}]",
        HelpName = "CONNECTION",
        DefaultValueFactory = _ => Environment.GetEnvironmentVariable(ConnectionVariable) ?? "",
    };

    private readonly Option<string> _table = new("--table")
    {
        Description = "PostgreSQL: the table. LangChain for JavaScript calls it langchain_chat_histories if nobody says otherwise.",
        HelpName = "NAME",
        DefaultValueFactory = _ => ImportOptions.DefaultTable,
    };

    private readonly Option<string> _prefix = new("--prefix")
    {
        Description = "Redis: what the keys of the lists begin with; the rest is the session's id. LangChain for JavaScript has none: ''.",
        HelpName = "PREFIX",
        DefaultValueFactory = _ => ImportOptions.DefaultPrefix,
        Arity = ArgumentArity.ExactlyOne,
    };

    private readonly Option<Uri> _to = new("--to")
    {
        Description = "The address of Conversations.",
        HelpName = "URL",
        DefaultValueFactory = _ => new Uri("http://127.0.0.1:8080"),
        CustomParser = result => result.Tokens is [var word] && Uri.TryCreate(word.Value, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
            ? url
            : Refuse<Uri>(result, "--to takes an address like http://127.0.0.1:8080."),
    };

    private readonly Option<string> _key = new("--key")
    {
        Description = $"An API key of the tenant that the conversations are for. [default: ${KeyVariable}]",
        HelpName = "KEY",
        DefaultValueFactory = _ => Environment.GetEnvironmentVariable(KeyVariable) ?? "",
    };

    private readonly Option<bool> _dryRun = new("--dry-run") { Description = "Read and compare everything, write nothing." };

    private readonly Command _command;

    public ImportCommand(Func<ImportOptions, CancellationToken, Task<int>> run)
    {
        _command = new Command(
            "deploy/import",
            "Takes LangChain's chat histories into conversations. Run again, after whatever end, it goes on where it stopped. "
            + "Exit codes: 0 everything is there, 1 it broke off, 2 it reported what is not there.")
        {
            _from, _connection, _table, _prefix, _to, _key, _dryRun, new HelpOption(),
        };
        _command.Validators.Add(result => Require(result, _connection, ConnectionVariable));
        _command.Validators.Add(result => Require(result, _key, KeyVariable));
        _command.SetAction((result, stop) => run(Options(result), stop));
    }

    /// <summary>Reads the command line; faults are in the result, each a sentence.</summary>
    public ParseResult Parse(IReadOnlyList<string> arguments)
    {
        var result = _command.Parse(arguments);
        if (result.Action is ParseErrorAction faults) faults.ShowHelp = false;
        return result;
    }

    /// <summary>What a faultless command line says.</summary>
    public ImportOptions Options(ParseResult result) => new()
    {
        From = result.GetValue(_from),
        Connection = result.GetValue(_connection)!,
        Table = result.GetValue(_table)!,
        Prefix = result.GetValue(_prefix)!,
        To = result.GetValue(_to)!,
        Key = result.GetValue(_key)!,
        DryRun = result.GetValue(_dryRun),
    };

    private static void Require(CommandResult result, Option<string> option, string variable)
    {
        if (string.IsNullOrEmpty(result.GetValue(option)))
            result.AddError($"{option.Name} is missing: give it, or set {variable}.");
    }

    private static T? Refuse<T>(ArgumentResult result, string message)
    {
        result.AddError(message);
        return default;
    }
}
