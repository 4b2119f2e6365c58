namespace Conversations.List;

/// <summary>One message of a history.</summary>
[GenerateSerializer, Immutable]
public sealed record Message([property: Id(0)] string Role, [property: Id(1)] string Text);

/// <summary>One history.</summary>
internal interface IListGrain : IGrainWithStringKey
{
    Task<string> SayAsync(string text);
}

/// <inheritdoc cref="IListGrain"/>
internal sealed class ListGrain([PersistentState("history")] IPersistentState<List<Message>> history) : Grain, IListGrain
{
    public async Task<string> SayAsync(string text)
    {
        var answer = new string('a', 200);
        history.State.Add(new Message("user", text));
        history.State.Add(new Message("assistant", answer));
        await history.WriteStateAsync();
        return answer;
    }
}
