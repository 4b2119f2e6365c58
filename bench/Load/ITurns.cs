namespace Conversations.Load;

/// <summary>One way to have turns.</summary>
internal interface ITurns : IAsyncDisposable
{
    /// <summary>Has one turn, from question to answer.</summary>
    /// <param name="session">Which of the sessions.</param>
    /// <param name="text">What is said.</param>
    /// <param name="stop">Gives up.</param>
    /// <exception cref="TurnException">It was not answered as it should be.</exception>
    Task SayAsync(int session, string text, CancellationToken stop);
}
