using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Conversations.EndToEnd.Tests.Callers;
using Conversations.Launcher.Ports;
using Conversations.Testing;
using Xunit.Abstractions;

namespace Conversations.EndToEnd.Tests.Up;

public sealed class UpTests(ITestOutputHelper output) : IDisposable
{
    private readonly string _data = TestDirectory.Create();

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    public async Task Up_TwoSilosOneKilledThenStoppedAndStartedAgain_RemembersAllOfIt()
    {
        await using var bystander = await TestPostgres.StartAsync(migrate: false);
        var port = FreePort();
        await using (var up = await UpProcess.StartAsync(_data, "--silos", "2", "--port", port))
        {
            var invitation = await up.ReadyAsync();
            Assert.Contains("Your name is Sam. I was handed 1 message;", await Shell.SayAsync(invitation, "My name is Sam."), StringComparison.Ordinal);
            Assert.Contains("Your name is Sam. I was handed 3 messages;", await Shell.SayAsync(invitation, "Who am I?"), StringComparison.Ordinal);

            Assert.Equal(2, up.Cluster.Silos.Count);
            var caller = new Caller(new Uri(Assert.Single(up.Cluster.Gateways).Http), Caller.DevelopmentKey);
            var host = await caller.SiloOfAsync("sam");
            Process.GetProcessById(up.Cluster.Silos.Single(silo => silo.Name == host).Pid).Kill();
            var killed = TimeProvider.System.GetTimestamp();
            Assert.Contains("Your name is Sam. I was handed 5 messages;", await Shell.SayAsync(invitation, "And now?"), StringComparison.Ordinal);
            output.WriteLine($"kill -9 to the next answer: {TimeProvider.System.GetElapsedTime(killed).TotalSeconds:0.00} s");
            Assert.NotEqual(host, await caller.SiloOfAsync("sam"));
            await Deadline.UntilAsync(() => Shell.RunAsync($"cat {_data}/cluster.json"), file => !file.Contains($"\"{host}\"", StringComparison.Ordinal));

            await AssertRefusedAsync("is using", "--port", FreePort());
            var started = up.Descendants();
            Assert.Equal(0, await up.TerminateAsync());
            Assert.True(started.Count >= 3);
            Assert.DoesNotContain(started, pid => Directory.Exists($"/proc/{pid}"));
            Assert.False(File.Exists(Path.Combine(_data, "cluster.json")));
            Assert.True(bystander.Server.IsRunning);
        }

        await using (var again = await UpProcess.StartAsync(_data, "--silos", "2", "--port", port))
        {
            Assert.Contains("Your name is Sam. I was handed 7 messages;", await Shell.SayAsync(await again.ReadyAsync(), "Still?"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Up_Mounted_IsOneProcessThatRemembers()
    {
        await using var up = await UpProcess.StartAsync(_data, "--mounted", "--port", FreePort());
        var invitation = await up.ReadyAsync();
        await Shell.SayAsync(invitation, "My name is Sam.");

        Assert.Contains("Your name is Sam. I was handed 3 messages;", await Shell.SayAsync(invitation, "Who am I?"), StringComparison.Ordinal);
        Assert.Equal(Assert.Single(up.Cluster.Silos).Pid, Assert.Single(up.Cluster.Gateways).Pid);
        Assert.Equal(0, await up.TerminateAsync());
    }

    [Fact]
    public async Task Up_TakenPort_IsRefused()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();

        await AssertRefusedAsync("is taken", "--port", ((IPEndPoint)listener.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture));
    }

    private async Task AssertRefusedAsync(string part, params string[] arguments)
    {
        await using var up = await UpProcess.StartAsync(_data, arguments);

        Assert.Equal(1, await up.EndAsync());
        Assert.Contains(part, Assert.Single((await up.Error).TrimEnd().Split('\n')), StringComparison.Ordinal);
    }

    // The first of a pair: gRPC is at the next.
    private static string FreePort()
    {
        while (true)
        {
            using var first = ReservedPort.Any();
            using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                probe.Bind(new IPEndPoint(IPAddress.Loopback, first.Number + 1));
                return first.Number.ToString(CultureInfo.InvariantCulture);
            }
            catch (SocketException)
            {
                // Try another pair.
            }
        }
    }
}
