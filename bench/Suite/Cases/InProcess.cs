using Conversations.Suite.Servers;

namespace Conversations.Suite.Cases;

/// <summary>A silo and its driver in one process.</summary>
internal sealed class InProcess : ICase
{
    public string Name => "in-process";

    public string What => "one silo, called in its own process as the mounted gateway calls it";

    public async Task<IReadOnlyDictionary<string, double>> RunAsync(Settings settings, CancellationToken stop) =>
        Figure.Of(await LoadProgram.TalkAsync(["in-process"], settings, new Dictionary<string, string?>(), stop));
}
