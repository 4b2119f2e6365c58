using System.Diagnostics;
using Conversations.EndToEnd.Tests.Callers;
using Conversations.Launcher.Processes;

namespace Conversations.EndToEnd.Tests.Moving;

/// <summary>The importer as a person runs it, a process.</summary>
internal sealed class ImportProcess : IDisposable
{
    private readonly Process _process;

    private ImportProcess(Process process) => _process = process;

    /// <summary>What it said: the summary, and what it reported.</summary>
    public sealed record Result(int ExitCode, string Output, string Error);

    public static async Task<ImportProcess> StartAsync(Uri service, params string[] arguments)
    {
        var tests = new DirectoryInfo(AppContext.BaseDirectory);
        var program = Path.Combine(tests.Parent!.Parent!.FullName, "Importer", tests.Name, "Conversations.Importer.dll");
        var start = new ProcessStartInfo("setpriv", ["--pdeathsig", "KILL", "dotnet", program, "--to", service.ToString(), "--key", Caller.DevelopmentKey, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return new ImportProcess(await ForkThread.StartAsync(start));
    }

    public static async Task<Result> RunAsync(Uri service, params string[] arguments)
    {
        using var import = await StartAsync(service, arguments);
        var output = import._process.StandardOutput.ReadToEndAsync(Deadline.Token);
        var error = import._process.StandardError.ReadToEndAsync(Deadline.Token);
        await import._process.WaitForExitAsync(Deadline.Token);
        return new Result(import._process.ExitCode, await output, await error);
    }

    /// <summary>kill -9.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync(Deadline.Token);
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.Dispose();
    }
}
