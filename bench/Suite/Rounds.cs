using System.Globalization;
using Conversations.Launcher;
using Conversations.Load;
using Conversations.Suite.Cases;
using Conversations.Suite.Results;

namespace Conversations.Suite;

/// <summary>Measures the first round of every case, then the second of every one: what disturbs the machine for a while disturbs them all.</summary>
internal static class Rounds
{
    public static async Task<AllResults> RunAsync(IReadOnlyList<ICase> cases, Settings settings, CancellationToken stop)
    {
        var results = new AllResults();
        for (var round = 1; round <= settings.Rounds; round++)
        {
            foreach (var @case in cases)
            {
                var said = string.Create(CultureInfo.InvariantCulture, $"round {round} of {settings.Rounds}, {@case.Name}: ");
                try
                {
                    var figures = await @case.RunAsync(settings, stop);
                    results.Add(@case.Name, figures);
                    await Console.Error.WriteLineAsync(said + string.Join(", ", figures.Select(f => string.Create(CultureInfo.InvariantCulture, $"{f.Key} {f.Value:0.##}"))));
                }
                catch (Exception fault) when (fault is TurnException or LauncherException)
                {
                    // The others are still worth measuring.
                    results.Failed(@case.Name, fault.Message);
                    await Console.Error.WriteLineAsync(said + fault.Message);
                }
            }
        }

        return results;
    }
}
