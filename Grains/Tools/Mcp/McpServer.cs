using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using McpTool = ModelContextProtocol.Protocol.Tool;

namespace Conversations.Grains.Tools.Mcp;

/// <summary>
/// One server of tools, as this silo reaches it. It is connected to as long as the silo runs, again and again if need be; what tools it
/// has is what it said last.
/// </summary>
internal sealed partial class McpServer : IAsyncDisposable
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LookAgain = TimeSpan.FromMinutes(1);

    private readonly McpServerOptions _options;
    private readonly McpTransports _transports;
    private readonly McpTools _tools;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _tried = New();
    private volatile ImmutableDictionary<string, Tool>? _known;
    private volatile McpClient? _client;
    private volatile TaskCompletionSource<McpClient?> _attempt = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile TaskCompletionSource _poked = New();
    private Task? _running;

    public McpServer(string name, McpServerOptions options, McpTransports transports, TimeProvider time, ILogger log)
    {
        Name = name;
        _options = options;
        _transports = transports;
        _tools = new McpTools(name, options, CallAsync);
        _time = time;
        _log = log;
    }

    public string Name { get; }

    /// <summary>Ends when the server was tried once, well or ill: who then finds no tools need not wait for any.</summary>
    public Task Tried => _tried.Task;

    /// <summary>The tools that it last said it has.</summary>
    public IEnumerable<Tool> Tools => _known?.Values ?? [];

    /// <summary>Whether it ever said what it has.</summary>
    public bool IsKnown => _known is not null;

    /// <summary>Whether the tool may be used at all.</summary>
    public bool Allows(string tool) => _options.Tools.Count == 0 || _options.Tools.Contains(tool);

    /// <summary>What a model calls the tool.</summary>
    public string NameOf(string tool) => _tools.NameOf(tool);

    /// <summary>The tool of that name, whether or not the server can be reached.</summary>
    public Tool Find(string tool) => _known?.GetValueOrDefault(tool) ?? Tools.FirstOrDefault(t => t.Name == NameOf(tool)) ?? _tools.Unknown(tool);

    /// <summary>Connects, and stays connected, until it is disposed.</summary>
    public void Start() => _running ??= RunAsync();

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        if (_running is not null) await _running;
        _stopping.Dispose();
    }

    private async Task RunAsync()
    {
        await Task.Yield();
        for (var pause = FirstPause; !_stopping.IsCancellationRequested; pause = Longer(pause))
        {
            _poked = New();
            var began = _time.GetTimestamp();
            try
            {
                await using var client = await ConnectAsync();
                await StayAsync(client);
                LogGone(Name);
            }
            catch (Exception e) when (!_stopping.IsCancellationRequested)
            {
                // What a server says of itself may quote what people wrote.
                LogUnreachable(Name, e.GetType().Name);
            }
            catch (Exception)
            {
                return;
            }
            finally
            {
                _client = null;
                Conclude(null);
            }

            // One that goes as soon as it has come is not chased.
            if (_time.GetElapsedTime(began) > LongestPause) pause = FirstPause;
            await Task.WhenAny(Task.Delay(pause, _time, _stopping.Token), _poked.Task);
        }
    }

    private async Task<McpClient> ConnectAsync()
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(_options.ConnectSeconds), _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token, deadline.Token);
        var options = new McpClientOptions
        {
            ClientInfo = new Implementation { Name = "conversations", Version = "1" },
            InitializationTimeout = TimeSpan.FromSeconds(_options.ConnectSeconds),
            Handlers = new McpClientHandlers
            {
                NotificationHandlers =
                [
                    KeyValuePair.Create<string, Func<JsonRpcNotification, CancellationToken, ValueTask>>(
                        NotificationMethods.ToolListChangedNotification, (_, _) => Poke()),
                ],
            },
        };
        var client = await McpClient.CreateAsync(_transports.Create(Name, _options), options, cancellationToken: both.Token);
        try
        {
            await LookAsync(client, both.Token);
        }
        catch
        {
            await client.DisposeAsync();
            throw;
        }

        LogConnected(Name, _known!.Count);
        _client = client;
        Conclude(client);
        return client;
    }

    // Returns when the connection is gone; throws when the server does not answer any more.
    private async Task StayAsync(McpClient client)
    {
        while (true)
        {
            using var tick = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
            var poked = _poked.Task;
            await Task.WhenAny(client.Completion, poked, Task.Delay(LookAgain, _time, tick.Token));
            await tick.CancelAsync();
            _stopping.Token.ThrowIfCancellationRequested();
            if (client.Completion.IsCompleted) return;
            _poked = New();
            using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(_options.ConnectSeconds), _time);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token, deadline.Token);
            await LookAsync(client, both.Token);
        }
    }

    private async Task LookAsync(McpClient client, CancellationToken stop)
    {
        var declared = new List<McpTool>();
        foreach (var tool in await client.ListToolsAsync(cancellationToken: stop)) declared.Add(tool.ProtocolTool);
        var (usable, unusable) = _tools.Read(declared);
        if (!unusable.IsEmpty && !IsKnown) LogUnusable(Name, string.Join(", ", unusable));
        _known = usable;
    }

    private void Conclude(McpClient? client)
    {
        var attempt = _attempt;
        _attempt = new TaskCompletionSource<McpClient?>(TaskCreationOptions.RunContinuationsAsynchronously);
        attempt.TrySetResult(client);
        _tried.TrySetResult();
    }

    private ValueTask Poke()
    {
        _poked.TrySetResult();
        return ValueTask.CompletedTask;
    }

    private static TimeSpan Longer(TimeSpan pause) => pause * 2 < LongestPause ? pause * 2 : LongestPause;

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
