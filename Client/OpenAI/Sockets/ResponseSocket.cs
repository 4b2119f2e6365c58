using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Conversations.Client.Auth;
using Conversations.Client.OpenAI.Errors;
using Conversations.Client.OpenAI.Parsing;
using Conversations.Client.OpenAI.Shapes;
using Conversations.Client.OpenAI.Wire;
using Conversations.Client.Requests;
using Conversations.Client.Sessions;
using Conversations.Sessions;
using Conversations.Turns;

namespace Conversations.Client.OpenAI.Sockets;

/// <summary>
/// One caller's connection: a frame asks for a response, whose events are the frames that come back, and only then for the next. What is
/// not stored lives as long as the connection. A turn runs on when its caller leaves, as always.
/// </summary>
internal sealed partial class ResponseSocket(
    HttpContext http,
    SocketFrames frames,
    OverlapPolicy? overlap,
    bool cancelsOnDisconnect,
    Creations creations,
    ISessions sessions,
    PrivateSessions privates,
    Leavers leavers,
    IHostApplicationLifetime lifetime,
    TimeProvider time,
    ILogger logger) : IDisposable
{
    // Each is a session that is kept for this connection; the oldest go first.
    private const int MostChains = 64;
    private static readonly TimeSpan Goodbye = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource _left = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted);
    private readonly List<SessionKey> _chains = [];
    private Task _serving = Task.CompletedTask;
    private (SessionKey Session, TurnId Turn)? _unfinished;
    private volatile bool _inFlight;

    /// <summary>Serves until the caller leaves or this process stops.</summary>
    public async Task RunAsync()
    {
        await using var stopping = lifetime.ApplicationStopping.Register(() => _ = SendAwayAsync());
        try
        {
            while (await frames.ReceiveAsync() is { } frame) await TakeAsync(frame);
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or IOException)
        {
            // The connection broke.
        }

        await _left.CancelAsync();
        await _serving;
        foreach (var chain in _chains) privates.LetGo(chain, chain == _unfinished?.Session ? _unfinished?.Turn : null);
        try
        {
            await frames.CloseAsync(WebSocketCloseStatus.NormalClosure, "");
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or IOException)
        {
        }
    }

    public void Dispose() => _left.Dispose();

    private async Task TakeAsync(SocketFrame frame)
    {
        try
        {
            if (!frame.IsText) throw new DialectException(400, "invalid_frame", "A frame must be text: send one JSON object in each.");
            var body = RequestBody.Parse(frame.Bytes);
            if (body.Required("type") is var type && type.Text() != "response.create") throw type.Refused("unsupported_value", "'type' must be 'response.create'.");
            if (_inFlight)
            {
                throw new DialectException(
                    409, "response_already_in_flight", "A response is being made on this connection: wait for its end, or open another connection.");
            }

            _inFlight = true;
            _serving = ServeAsync(body, after: _serving);
        }
        catch (DialectException refused)
        {
            await SendAsync(ErrorOf(refused), WireJson.Context.WireSocketError);
        }
    }

    private async Task ServeAsync(RequestNode body, Task after)
    {
        await after;
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(_left.Token, lifetime.ApplicationStopping);
        try
        {
            await AnswerAsync(body, ends.Token);
        }
        catch (Exception e) when (ends.IsCancellationRequested || e is WebSocketException)
        {
            // Nobody is there to be told.
        }
        catch (Exception fault)
        {
            Forget(body);
            var error = ErrorOf(fault);
            if (error.Status >= 500) LogFault(logger, fault);
            await TellLastAsync(() => SendAsync(error, WireJson.Context.WireSocketError));
        }
    }

    private async Task AnswerAsync(RequestNode body, CancellationToken ends)
    {
        var request = CreateResponse.Read(body);
        request = request with { Options = request.Options with { Background = false } };
        var cancels = request.CancelOnDisconnect ?? cancelsOnDisconnect;
        var wish = request.WishOf(http.User.Tenant()) with
        {
            Overlap = overlap,
            CallsModel = body.Member("generate")?.Flag() ?? true,
            OwnsPrevious = ChainOf(request.Previous) is not null,
        };
        // Only what was accepted can be cancelled.
        var created = await creations.CreateAsync(http, wish, cancels ? CancellationToken.None : ends);
        if (created.Asked.Lifetime == SessionLifetime.Private) Keep(created.Session);
        _unfinished = (created.Session, created.Turn);
        if (cancels && created.IsAlone) await leavers.ServeAsync(created.Session, created.Turn, () => ShowAsync(body, created, ends), _left.Token);
        else await ShowAsync(body, created, ends);
    }

    private async Task ShowAsync(RequestNode body, Created created, CancellationToken ends)
    {
        await foreach (var shown in sessions.FollowAsync(created.Session, created.Turn, -1, ends).WithCancellation(ends))
        {
            if (EventShape.Of(created.Session, shown) is not { } written) continue;
            if (shown is not TurnEnded { Turn: var turn })
            {
                await SendAsync(written, WireJson.Context.WireEvent);
                continue;
            }

            _unfinished = null;
            if (turn.Status == TurnStatus.Failed) Forget(body);
            await TellLastAsync(() => SendAsync(written, WireJson.Context.WireEvent));
        }
    }

    // Whoever has the last frame may send the next request at once.
    private async Task TellLastAsync(Func<Task> send)
    {
        _inFlight = false;
        try
        {
            await send();
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or IOException)
        {
            // It is noticed where frames are received.
        }
    }

    private Task SendAsync<T>(T written, JsonTypeInfo<T> shape) => frames.SendAsync(JsonSerializer.SerializeToUtf8Bytes(written, shape));

    private static WireSocketError ErrorOf(Exception fault)
    {
        var error = Refusals.ErrorOf(fault);
        // So says the dialect where there is no path that could be wrong.
        return new WireSocketError("error", error.Code == "previous_response_not_found" ? 400 : error.Status, error.Body);
    }

    private SessionKey? ChainOf(ResponseId? previous) =>
        previous is { } id && SessionKey.TryCreate(http.User.Tenant(), id.Session, out var key) && _chains.Contains(key) ? key : null;

    private void Keep(SessionKey chain)
    {
        _chains.Add(chain);
        if (_chains.Count <= MostChains) return;
        privates.LetGo(_chains[0]);
        _chains.RemoveAt(0);
    }

    // What a continuation failed of is not gone on from again.
    private void Forget(RequestNode body)
    {
        var id = body.Member("previous_response_id") is { Kind: JsonValueKind.String } given && ResponseId.TryParse(given.Text(), out var parsed) ? parsed : (ResponseId?)null;
        if (ChainOf(id) is not { } chain) return;
        _chains.Remove(chain);
        privates.LetGo(chain);
    }

    // Another gateway can go on: the caller is told to look for one.
    private async Task SendAwayAsync()
    {
        try
        {
            await _serving.WaitAsync(Goodbye, time);
            await frames.CloseAsync(WebSocketCloseStatus.EndpointUnavailable, "The server stops: connect again.").WaitAsync(Goodbye, time);
            await Task.Delay(Goodbye, time, _left.Token);
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or IOException or TimeoutException or ObjectDisposedException)
        {
        }

        frames.Abort();
    }
}
