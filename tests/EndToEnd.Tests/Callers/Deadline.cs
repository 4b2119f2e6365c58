namespace Conversations.EndToEnd.Tests.Callers;

/// <summary>How long anything may take before a test gives up: far more than it ever should.</summary>
internal static class Deadline
{
    public static TimeSpan Length { get; } = TimeSpan.FromSeconds(60);

    /// <summary>A token that is cancelled then.</summary>
    public static CancellationToken Token => new CancellationTokenSource(Length).Token;

    /// <summary>Asks again and again, without a pause but the question's own, until the answer is the wanted one.</summary>
    public static async Task<T> UntilAsync<T>(Func<Task<T>> ask, Func<T, bool> isWanted)
    {
        var token = Token;
        for (T? last = default; ;)
        {
            if (token.IsCancellationRequested) throw new TimeoutException($"It never was as wanted; at last: {last}");
            last = await ask();
            if (isWanted(last)) return last;
        }
    }
}
