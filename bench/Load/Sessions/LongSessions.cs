using System.Globalization;
using Conversations.Load.Targets;

namespace Conversations.Load.Sessions;

/// <summary>Sessions that have a history before anything is measured.</summary>
internal static class LongSessions
{
    private const int Most = 1_000;

    /// <summary>Gives a session this many items of about this many characters.</summary>
    public static async Task LengthenAsync(InProcessTurns turns, int session, int items, int characters, CancellationToken stop)
    {
        var rest = new string('h', Math.Max(0, characters - 10));
        for (var i = 0; i < items; i += Most)
        {
            await turns.AppendAsync(
                session,
                Enumerable.Range(i, Math.Min(Most, items - i)).Select(number => string.Create(CultureInfo.InvariantCulture, $"{number:D10}{rest}")),
                stop);
        }
    }
}
