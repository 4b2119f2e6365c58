using System.Net;
using Conversations.EndToEnd.Tests.Callers;

namespace Conversations.EndToEnd.Tests.Faults;

/// <summary>Writers, each with a session of its own: one turn after the other, each sent under its key until it is answered.</summary>
internal sealed class Load : IDisposable
{
    private readonly SemaphoreSlim _acknowledged = new(0);
    private readonly CancellationTokenSource _stop = new();

    /// <summary>Writes until told to stop; returns what was acknowledged, in order.</summary>
    public async Task<IReadOnlyList<string>> WriteAsync(Caller caller, string session)
    {
        var acknowledged = new List<string>();
        while (!_stop.IsCancellationRequested)
        {
            var said = $"m{acknowledged.Count}";
            await Deadline.UntilAsync(() => caller.SayAsync(session, said, ("Idempotency-Key", said)), IsCarriedOut);
            acknowledged.Add(said);
            _acknowledged.Release();
        }

        return acknowledged;
    }

    /// <summary>Waits until this many more turns are acknowledged.</summary>
    public async Task GrowAsync(int by)
    {
        while (await _acknowledged.WaitAsync(TimeSpan.Zero))
        {
        }

        for (var i = 0; i < by; i++) await _acknowledged.WaitAsync(Deadline.Token);
    }

    /// <summary>Lets each writer finish its turn and end.</summary>
    public Task StopAsync() => _stop.CancelAsync();

    public void Dispose()
    {
        _acknowledged.Dispose();
        _stop.Dispose();
    }

    private static bool IsCarriedOut(Answer answer)
    {
        if (answer.Status == HttpStatusCode.ServiceUnavailable) return false;
        Assert.Equal("completed", (string?)answer.Ok().Body["status"]);
        return true;
    }
}
