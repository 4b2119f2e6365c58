using System.Globalization;
using System.Text.Json.Nodes;
using Conversations.Testing;
using Xunit.Abstractions;

namespace Conversations.EndToEnd.Tests.BadInput;

/// <summary>The whole HTTP surface under requests that are almost right. <c>FUZZ_SEED</c> and <c>FUZZ_REQUESTS</c> ask for others, and more.</summary>
[Collection(SmallClusterGroup.Name)]
public sealed class MutatedRequestTests(SmallCluster cluster, ITestOutputHelper output)
{
    private static readonly string[] Values =
    [
        "", "0", "-1", "1", "101", "1.5", "99999999999999999999", "x", "true", "asc", "%00", "%FF", "%ED%A0%80", "%F0%9F%98%80", "..", "%2e%2e", "%2F", "a/b",
        "%25", "conv_x", "msg_x", "resp_x", "0.0", "latest", "'%20or%201=1--", "%7B0%7D", new('x', 300),
    ];

    private static readonly string[] Queries = ["limit", "order", "after", "starting_after", "stream", "metadata", "metadata%5Ba%5D", "metadata[", "%00", "include[]"];

    private static readonly string[] Headers =
        ["Idempotency-Key", "X-Overlap-Policy", "X-On-Disconnect", "If-Match", "Last-Event-ID", "X-Stainless-Retry-Count", "X-Request-Id", "Accept", "Content-Language"];

    private static readonly (HttpMethod Method, string Path, string? Body)[] Endpoints =
    [
        (HttpMethod.Post, "responses", MutatedRequests.Response), (HttpMethod.Post, "responses", MutatedRequests.Response),
        (HttpMethod.Get, "responses/{0}", null), (HttpMethod.Delete, "responses/{0}", null), (HttpMethod.Post, "responses/{0}/cancel", null),
        (HttpMethod.Get, "responses/{0}/input_items", null), (HttpMethod.Post, "responses/{0}/approvals/{0}", """{"approve":true,"reason":"x"}"""),
        (HttpMethod.Post, "responses/input_tokens", MutatedRequests.Response), (HttpMethod.Post, "responses/compact", MutatedRequests.Response),
        (HttpMethod.Get, "conversations", null), (HttpMethod.Post, "conversations", MutatedRequests.Conversation),
        (HttpMethod.Put, "conversations/{0}", MutatedRequests.Conversation), (HttpMethod.Get, "conversations/{0}", null),
        (HttpMethod.Post, "conversations/{0}", MutatedRequests.Conversation), (HttpMethod.Delete, "conversations/{0}", null),
        (HttpMethod.Post, "conversations/{0}/fork", """{"at_item":"msg_x","id":"f","metadata":{"a":"1"}}"""),
        (HttpMethod.Get, "conversations/{0}/events", null), (HttpMethod.Get, "conversations/{0}/items", null),
        (HttpMethod.Post, "conversations/{0}/items", MutatedRequests.Items), (HttpMethod.Get, "conversations/{0}/items/{0}", null),
        (HttpMethod.Delete, "conversations/{0}/items/{0}", null), (HttpMethod.Get, "models/{0}", null),
    ];

    [Fact]
    public async Task AnyRequest_AlmostRight_IsNeverAFaultOfOurs()
    {
        var seed = Setting("FUZZ_SEED", 1);
        output.WriteLine($"seed {seed}");
        var chance = new Random(seed);
        var mutated = new MutatedRequests(seed);
        var (session, response) = ("", "");
        using var prober = new Prober(cluster.Gateway);
        var statuses = new SortedDictionary<int, int>();
        for (var i = 0; i < Setting("FUZZ_REQUESTS", 600); i++)
        {
            // Some of the requests delete what others are about.
            if (i % 20 == 0)
            {
                session = RunningCluster.NewSession();
                response = (await cluster.Caller().SayAsync(session, "hello")).Ok().Id;
            }

            var (method, path, body) = Endpoints[chance.Next(Endpoints.Length)];
            var id = chance.Next(3) == 0 ? One(chance, Values) : path.StartsWith("responses", StringComparison.Ordinal) ? response : session;
            path = string.Format(CultureInfo.InvariantCulture, path, id);
            if (chance.Next(2) == 0) path += $"?{One(chance, Queries)}={One(chance, Values)}&{One(chance, Queries)}={One(chance, Values)}";
            (string, string)[] headers = chance.Next(3) == 0 ? [(One(chance, Headers), One(chance, Values))] : [];
            try
            {
                var answer = await prober.SendAsync(method, path, body is null ? null : mutated.Next(body), headers);
                statuses[answer.Status] = statuses.GetValueOrDefault(answer.Status) + 1;
            }
            catch (Exception fault)
            {
                throw new InvalidOperationException($"seed {seed}, request {i}: {method} {path} {headers.FirstOrDefault()}", fault);
            }
        }

        output.WriteLine(string.Join(", ", statuses));
        // It did come through to what it was about.
        Assert.All((int[])[200, 400, 404], status => Assert.Contains(status, statuses.Keys));
        (await cluster.Caller().PostAsync("responses", new JsonObject { ["input"] = "still there?" })).Ok();
    }

    private static int Setting(string name, int standard) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var value) ? value : standard;

    private static string One(Random chance, string[] values) => values[chance.Next(values.Length)];
}
