using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Conversations.Launcher.Commands;

/// <summary>The command line of <c>deploy/up</c>: names, defaults, words of help.</summary>
internal sealed class UpCommand
{
    private readonly Option<int> _silos = new("--silos")
    {
        Description = "How many silos: the processes that run the sessions.",
        HelpName = "N",
        DefaultValueFactory = _ => UpOptions.DefaultSilos,
        CustomParser = UpValidation.Between("--silos", 1, 64),
    };

    private readonly Option<int> _gateways = new("--gateways")
    {
        Description = "How many gateways: the processes that callers talk to.",
        HelpName = "N",
        DefaultValueFactory = _ => UpOptions.DefaultGateways,
        CustomParser = UpValidation.Between("--gateways", 1, 32),
    };

    private readonly Option<int> _port = new("--port")
    {
        Description = "HTTP port of the first gateway; its gRPC is at the next, further gateways at the pairs after that.",
        HelpName = "P",
        DefaultValueFactory = _ => UpOptions.DefaultPort,
        CustomParser = UpValidation.Between("--port", 1, ushort.MaxValue),
    };

    private readonly Option<int> _databases = new("--databases")
    {
        Description = "Over how many databases the sessions are spread; a directory with data keeps the number it began with.",
        HelpName = "N",
        DefaultValueFactory = _ => UpOptions.DefaultDatabases,
        CustomParser = UpValidation.Between("--databases", 1, 64),
    };

    private readonly Option<string> _data = new("--data")
    {
        Description = "Directory for the data, the logs and cluster.json; it outlives the command. [default: .data in the repository]",
        HelpName = "DIR",
    };

    private readonly Option<string> _config = new("--config")
    {
        Description = "A JSON file that is laid over the settings of every process.",
        HelpName = "FILE",
    };

    private readonly Option<string> _postgres = new("--postgres")
    {
        Description = "Use this PostgreSQL and start none: 'Host=…;Database=…;Username=…;Password=…'. Its user must be able to create schemas.",
        HelpName = "CONNECTION",
    };

    private readonly Option<bool> _mounted = new("--mounted") { Description = "One process: a silo with the gateway in it." };

    private readonly Option<bool> _restart = new("--restart") { Description = "Start a process again that has died. Otherwise it stays dead." };

    private readonly Command _command;

    public UpCommand(Func<UpOptions, Task<int>> run)
    {
        UpValidation.RequireJsonFile(_config);
        UpValidation.RequireConnectionString(_postgres);
        UpValidation.RequirePath(_data);
        _command = new Command("deploy/up", "Runs Conversations on this machine: PostgreSQL, silos, gateways. Ctrl-C ends all of it; the data stays.")
        {
            _silos, _gateways, _port, _databases, _data, _config, _postgres, _mounted, _restart, new HelpOption(),
        };
        _command.Validators.Add(result => UpValidation.RequireRoomForPorts(result, _port, _gateways));
        _command.Validators.Add(result => UpValidation.RequireOneProcess(result, _mounted, _silos, _gateways));
        _command.Validators.Add(result => UpValidation.RequirePrivateServer(result, _databases, _postgres));
        _command.SetAction((result, _) => run(Options(result)));
    }

    /// <summary>Reads the command line; faults are in the result, each a sentence.</summary>
    public ParseResult Parse(IReadOnlyList<string> arguments)
    {
        var result = _command.Parse(arguments);
        if (result.Action is ParseErrorAction faults)
            faults.ShowHelp = false;
        return result;
    }

    /// <summary>What a faultless command line says.</summary>
    public UpOptions Options(ParseResult result) => new()
    {
        Silos = result.GetValue(_silos),
        Gateways = result.GetValue(_gateways),
        Port = result.GetValue(_port),
        Databases = result.GetValue(_databases),
        Data = result.GetValue(_data) is { } data ? Path.GetFullPath(data) : null,
        Config = result.GetValue(_config) is { } config ? Path.GetFullPath(config) : null,
        Postgres = result.GetValue(_postgres),
        Mounted = result.GetValue(_mounted),
        Restart = result.GetValue(_restart),
    };
}
