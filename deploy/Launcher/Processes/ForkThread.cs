using System.Collections.Concurrent;
using System.Diagnostics;

namespace Conversations.Launcher.Processes;

/// <summary>
/// The one thread that starts processes. The kernel ties a parent-death signal to the thread that forked, not to the process: a child
/// started from a thread-pool thread would be killed when the pool retires that thread. This one ends only with the process.
/// </summary>
internal static class ForkThread
{
    private static readonly BlockingCollection<Action> Work = Begin();

    public static Task<Process> StartAsync(ProcessStartInfo start)
    {
        var started = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        Work.Add(() =>
        {
            try
            {
                started.SetResult(Process.Start(start) ?? throw new InvalidOperationException($"{start.FileName} did not start."));
            }
            catch (Exception fault)
            {
                started.SetException(fault);
            }
        });
        return started.Task;
    }

    private static BlockingCollection<Action> Begin()
    {
        var work = new BlockingCollection<Action>();
        new Thread(() =>
        {
            foreach (var action in work.GetConsumingEnumerable())
                action();
        })
        { IsBackground = true, Name = "fork" }.Start();
        return work;
    }
}
