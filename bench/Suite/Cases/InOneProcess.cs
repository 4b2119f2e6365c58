using System.Globalization;
using Conversations.Suite.Servers;

namespace Conversations.Suite.Cases;

/// <summary>Something about the sessions of a silo that the driver has in its own process.</summary>
/// <param name="name">Its name, which is the driver's command.</param>
/// <param name="what">What it is.</param>
/// <param name="option">The option that says how many.</param>
/// <param name="many">How many.</param>
/// <param name="few">How many when the tool itself is tried.</param>
internal sealed class InOneProcess(string name, string what, string option, int many, int few) : ICase
{
    public string Name => name;

    public string What => what;

    public async Task<IReadOnlyDictionary<string, double>> RunAsync(Settings settings, CancellationToken stop) =>
        await LoadProgram.MeasureAsync(
            [name, option, (settings.Quick ? few : many).ToString(CultureInfo.InvariantCulture)], new Dictionary<string, string?>(), stop);
}
