using Conversations.Client.Sessions;
using Conversations.History;
using Conversations.NullModel;
using Conversations.Sessions;
using Conversations.Turns;

namespace Conversations.Load.Targets;

/// <summary>Turns as the mounted gateway has them, without HTTP: what it does with a request once it has read it.</summary>
internal sealed class InProcessTurns : ITurns
{
    private readonly ISessions _sessions;
    private readonly SessionKey[] _keys;

    public InProcessTurns(ISessions sessions, int count)
    {
        _sessions = sessions;
        var run = Guid.NewGuid().ToString("N")[..8];
        _keys = [.. Enumerable.Range(0, count).Select(number =>
            SessionKey.TryCreate("load", $"{run}-{number}", out var key) ? key : throw new ArgumentException(run))];
    }

    /// <summary>The key of a session.</summary>
    public SessionKey Key(int session) => _keys[session];

    /// <summary>Adds items to a session as a caller that brings a history does, without a model.</summary>
    public async Task AppendAsync(int session, IEnumerable<string> texts, CancellationToken stop)
    {
        var id = TurnId.New(TimeProvider.System);
        var request = new TurnRequest
        {
            Id = id,
            IsFirstTry = true,
            Input = [.. texts.Select(text => new Message(Role.User, [new InputText(text)]))],
            Options = new TurnOptions { Agent = NullChat.Provider, NamesSession = true },
            Fingerprint = id.Value.ToByteArray(),
            CallsModel = false,
            CreatesSession = true,
        };
        await _sessions.SubmitAsync(_keys[session], request, stop);
        await _sessions.ResultAsync(_keys[session], id, stop);
    }

    public async Task SayAsync(int session, string text, CancellationToken stop)
    {
        var id = TurnId.New(TimeProvider.System);
        var requestId = id.ToString();
        var options = new TurnOptions { Agent = NullChat.Provider, NamesSession = true };
        CallerContext.RequestId = requestId;
        var request = new TurnRequest
        {
            Id = id,
            IsFirstTry = true,
            Input = [new Message(Role.User, [new InputText(text)])],
            Options = options with { RequestId = requestId },
            Fingerprint = Fingerprint.Of([new Message(Role.User, [new InputText(text)])], options),
            CreatesSession = true,
        };
        var submitted = await _sessions.SubmitAsync(_keys[session], request, stop);
        var result = await _sessions.ResultAsync(_keys[session], submitted.Turn.Id, stop);
        if (result.Turn.Status != TurnStatus.Completed) throw new TurnException($"A turn ended as {result.Turn.Status}: {result.Turn.Error?.Message}");
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
