using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Conversations.EndToEnd.Tests.Callers;
using Conversations.Launcher.Hosts;

namespace Conversations.EndToEnd.Tests.Operators;

[Collection(RunningClusterGroup.Name)]
public sealed class DashboardTests(RunningCluster cluster) : IDisposable
{
    private const string Grain = "Conversations.Grains.Sessions.SessionGrain";

    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = true });

    public void Dispose() => _http.Dispose();

    [Theory]
    [InlineData(null, HttpStatusCode.Unauthorized)]
    [InlineData("wrong", HttpStatusCode.Unauthorized)]
    [InlineData("dev-admin", HttpStatusCode.OK)]
    public async Task Dashboard_WithAndWithoutThePassword_IsOpenAndShut(string? password, HttpStatusCode expected)
    {
        Assert.Equal(expected, (await GetAsync("/dashboard/", password)).Status);
        Assert.Equal(expected, (await GetAsync("/dashboard/DashboardCounters", password)).Status);
    }

    [Theory]
    [InlineData("/dashboard/GrainState")]
    [InlineData("/dashboard/grainstate")]
    [InlineData("/dashboard/GrainState?grainId=x&grainType=y")]
    public async Task GrainState_WithAndWithoutThePassword_IsShut(string path)
    {
        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync(path, "dev-admin")).Status);
        Assert.InRange((int)(await GetAsync(path, null)).Status, 401, 404);
    }

    [Fact]
    public async Task Dashboard_AfterATurn_NamesTheSessionGrainAndItsMethods()
    {
        var answer = (await cluster.Caller().SayAsync(RunningCluster.NewSession(), "count me")).Ok();
        var counters = await Deadline.UntilAsync(() => GetAsync("/dashboard/DashboardCounters", "dev-admin"), a => Names(a, Grain));
        // Every silo reports its calls each second.
        await Deadline.UntilAsync(
            async () =>
            {
                (await cluster.Caller().SayAsync(RunningCluster.NewSession(), "and me")).Ok();
                return await GetAsync($"/dashboard/GrainStats/{Grain}", "dev-admin");
            },
            a => Names(a, "SubmitAsync"));

        Assert.Contains(answer.Silo!, counters.Text, StringComparison.Ordinal);
    }

    private static bool Names(Answer answer, string name) => answer.Text.Contains(name, StringComparison.Ordinal);

    // An operator looks exactly when a silo has died. Each dies in turn, and with one of them the grain behind the dashboard.
    [Fact]
    public async Task Dashboard_AskedTheMomentASiloIsKilled_AnswersFromEveryOther()
    {
        foreach (var victim in cluster.Processes.Silos)
        {
            await victim.KillAsync();
            try
            {
                var others = cluster.Processes.Silos.Where(silo => silo != victim);
                var answers = await Task.WhenAll(others.Select(silo => GetAsync("/dashboard/DashboardCounters", "dev-admin", silo)));

                Assert.All(answers, answer => answer.Ok());
            }
            finally
            {
                await RunningCluster.ReviveAsync(victim);
            }
        }
    }

    [Fact]
    public async Task Dashboard_OnAGateway_IsNotThere()
    {
        using var answer = await _http.GetAsync(new Uri(cluster.Processes.Gateways[0].HttpUrl, "/dashboard"));

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public async Task Health_OfEveryHost_IsWell()
    {
        foreach (var host in cluster.Processes.Silos.Select(s => s.AdminUrl).Concat(cluster.Processes.Gateways.Select(g => g.HttpUrl)))
        {
            foreach (var path in new[] { "/health/live", "/health/ready" })
            {
                using var answer = await _http.GetAsync(new Uri(host, path));
                Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            }
        }
    }

    private async Task<Answer> GetAsync(string path, string? password, SiloProcess? silo = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri((silo ?? cluster.Processes.Silos[0]).AdminUrl, path));
        if (password is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"me:{password}")));
        }

        using var response = await _http.SendAsync(request);
        return await Answer.OfAsync(response, CancellationToken.None);
    }
}
