using Conversations.Launcher.Clusters;
using Conversations.Launcher.Hosts;

namespace Conversations.Launcher.Commands;

/// <summary>Runs a cluster until somebody says stop.</summary>
internal static class Up
{
    public static async Task<int> RunAsync(UpOptions options, TextWriter output, TextWriter error)
    {
        using var stop = new StopSignals();
        try
        {
            var binaries = HostBinaries.OfThisBuild();
            var described = options.ToCluster(binaries, output);
            await using var cluster = await LocalCluster.StartAsync(described, stop.Token);
            foreach (var line in ReadyMessage.Lines(cluster, described.Environment))
                await output.WriteLineAsync(line);
            await stop.WaitAsync();
            await output.WriteLineAsync("Stopping …");
        }
        catch (OperationCanceledException) when (stop.Token.IsCancellationRequested)
        {
            // Told to stop while it started: what had started has been ended.
        }
        catch (LauncherException fault)
        {
            await error.WriteLineAsync(fault.Message);
            return 1;
        }

        await output.WriteLineAsync("Stopped.");
        return 0;
    }
}
