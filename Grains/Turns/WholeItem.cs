using Conversations.Grains.Sessions;
using Conversations.History;
using Conversations.Journal.Replay;

namespace Conversations.Grains.Turns;

/// <summary>An output item that comes in one piece: on disk first, then shown.</summary>
internal static class WholeItem
{
    public static async Task PutAsync(SessionState state, LiveTurn live, SessionFlush flush, ItemBody body)
    {
        var number = live.Stream.NextNumber;
        var index = live.Active.Output.Length;
        var item = state.AppendOutput(live.Active, body, ItemStatus.Completed, new Emission(number, DeltaLengths.None));
        await flush.FlushAsync();
        live.Stream.Publish(new ItemEvents(index, item.Id).Whole(number, item));
    }
}
