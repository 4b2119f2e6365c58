namespace Conversations.Naive;

/// <summary>Somewhere to keep histories; each of the ways is one that is met in the wild.</summary>
internal interface IHistories
{
    /// <summary>Has a turn: what was said is added, the model is asked, its answer is added.</summary>
    Task<string> SayAsync(string session, string text, CancellationToken stop);

    /// <summary>The whole history.</summary>
    Task<IReadOnlyList<Saying>> ReadAsync(string session, CancellationToken stop);
}
