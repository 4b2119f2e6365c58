namespace Conversations.Naive;

/// <summary>A grain for each session, whose state is the whole list.</summary>
internal sealed class GrainHistories(IGrainFactory grains) : IHistories
{
    public Task<string> SayAsync(string session, string text, CancellationToken stop) => grains.GetGrain<IHistoryGrain>(session).SayAsync(text);

    public Task<IReadOnlyList<Saying>> ReadAsync(string session, CancellationToken stop) => grains.GetGrain<IHistoryGrain>(session).ReadAsync();
}

/// <summary>One history.</summary>
internal interface IHistoryGrain : IGrainWithStringKey
{
    Task<string> SayAsync(string text);

    Task<IReadOnlyList<Saying>> ReadAsync();
}

/// <inheritdoc cref="IHistoryGrain"/>
internal sealed class HistoryGrain([PersistentState("history")] IPersistentState<List<Saying>> history, Model model) : Grain, IHistoryGrain
{
    public async Task<string> SayAsync(string text)
    {
        history.State.Add(new Saying("user", text));
        var answer = await model.AskAsync(history.State, CancellationToken.None);
        history.State.Add(new Saying("assistant", answer));
        await history.WriteStateAsync();
        return answer;
    }

    public Task<IReadOnlyList<Saying>> ReadAsync() => Task.FromResult<IReadOnlyList<Saying>>([.. history.State]);
}
