using System.Collections.Concurrent;

namespace Conversations.Naive;

/// <summary>A dictionary in the process.</summary>
internal sealed class DictionaryHistories(Model model) : IHistories
{
    private readonly ConcurrentDictionary<string, List<Saying>> _histories = new();

    public async Task<string> SayAsync(string session, string text, CancellationToken stop)
    {
        var history = _histories.GetOrAdd(session, _ => []);
        history.Add(new Saying("user", text));
        var answer = await model.AskAsync([.. history], stop);
        history.Add(new Saying("assistant", answer));
        return answer;
    }

    public Task<IReadOnlyList<Saying>> ReadAsync(string session, CancellationToken stop) =>
        Task.FromResult<IReadOnlyList<Saying>>([.. _histories.GetValueOrDefault(session, [])]);
}
