using Microsoft.Extensions.Options;

namespace Conversations.Client.Sessions;

/// <summary>
/// Sends a call until it is answered. A try ends at its own deadline or when a silo dies, whichever is first; it is then abandoned, not
/// awaited, and the call is sent again after a pause that grows from 50 to 500 ms. What is sent must bear being carried out twice, and late:
/// a try that was abandoned may be carried out when a later one was answered long ago (so they say what they saw: <see cref="Conversations.Sessions.SessionMark"/>).
/// The second try has a second, each further one twice as long: it may be stuck in the very silo that kept the first from its answer.
/// </summary>
internal sealed partial class PatientCalls(
    SiloDeaths deaths, IOptions<GatewayOptions> options, TimeProvider time, ILogger<PatientCalls> logger)
{
    private const int FirstPause = 50;
    private const int LongestPause = 500;
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    /// <summary>Sends a short call; its number of tries so far is handed to it.</summary>
    /// <exception cref="UnavailableException">It was not answered within <see cref="GatewayOptions.RetryFor"/>.</exception>
    public Task<T> SendAsync<T>(Func<int, Task<T>> call, CancellationToken cancellationToken) =>
        SendAsync(call, tries => Deadline(tries, options.Value.CallTimeout), options.Value.RetryFor, cancellationToken);

    /// <summary>Sends a call that waits for something to happen, for as long as the caller stays.</summary>
    public Task<T> WaitAsync<T>(Func<Task<T>> call, CancellationToken cancellationToken) =>
        SendAsync(_ => call(), tries => Deadline(tries, options.Value.WatchTimeout), Timeout.InfiniteTimeSpan, cancellationToken);

    /// <summary>Sends a call that itself takes long, however often it is sent again.</summary>
    /// <exception cref="UnavailableException">It was not answered in this time.</exception>
    public Task<T> AskAsync<T>(Func<Task<T>> call, TimeSpan patience, CancellationToken cancellationToken) =>
        SendAsync(_ => call(), _ => patience, patience, cancellationToken);

    /// <summary>Waits as long as before the given try of a call.</summary>
    public Task PauseAsync(int tries, CancellationToken cancellationToken) => Task.Delay(Pause(tries), time, cancellationToken);

    private static TimeSpan Pause(int tries)
    {
        var most = Math.Min(LongestPause, FirstPause << Math.Min(tries, 8));
        return TimeSpan.FromMilliseconds(most / 2 + Random.Shared.Next(most / 2 + 1));
    }

    private static TimeSpan Deadline(int tries, TimeSpan most)
    {
        var again = TimeSpan.FromSeconds(1 << Math.Clamp(tries - 1, 0, 8));
        return tries == 0 || again > most ? most : again;
    }

    private async Task<T> SendAsync<T>(Func<int, Task<T>> call, Func<int, TimeSpan> tryFor, TimeSpan sendFor, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        for (var tries = 0; ; tries++)
        {
            try
            {
                return await TryAsync(call, tries, tryFor(tries), cancellationToken);
            }
            catch (Exception fault) when (!cancellationToken.IsCancellationRequested && PassingFault.Is(fault))
            {
                var elapsed = time.GetElapsedTime(began);
                if (sendFor != Timeout.InfiniteTimeSpan && elapsed >= sendFor) throw new UnavailableException(RetryAfter, fault);
                LogAgain(logger, fault, tries + 1);
            }

            await PauseAsync(tries, cancellationToken);
        }
    }

    private async Task<T> TryAsync<T>(Func<int, Task<T>> call, int tries, TimeSpan tryFor, CancellationToken cancellationToken)
    {
        using var abandoned = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deaths.Next);
        var answer = call(tries);
        try
        {
            return await answer.WaitAsync(tryFor, time, abandoned.Token);
        }
        finally
        {
            if (!answer.IsCompleted) Forget(answer);
        }
    }

    // Its fault, if one comes, was looked at by nobody.
    private static void Forget(Task answer) =>
        _ = answer.ContinueWith(
            static late => late.Exception,
            CancellationToken.None,
            TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
}
