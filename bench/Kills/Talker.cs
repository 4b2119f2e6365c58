using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Conversations.Kills;

/// <summary>Has turns through a gateway.</summary>
internal sealed class Talker(Uri gateway)
{
    private static readonly HttpClient Http = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromMinutes(2) };

    /// <summary>One turn, asked for under one key until it is answered.</summary>
    public async Task<Turn> SayAsync(string session, string text, CancellationToken stop)
    {
        var began = Stopwatch.GetTimestamp();
        var key = Guid.NewGuid().ToString();
        while (true)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(gateway, "/v1/responses"))
            {
                Content = JsonContent.Create(new JsonObject { ["conversation"] = session, ["input"] = text }),
            };
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", "dev-key");
            request.Headers.Add("Idempotency-Key", key);
            using var response = await Http.SendAsync(request, stop);
            if (response.StatusCode == HttpStatusCode.ServiceUnavailable) continue;
            var body = await response.Content.ReadAsStringAsync(stop);
            if ((string?)JsonNode.Parse(body)?["status"] != "completed") throw new InvalidOperationException($"A turn failed: {body}");
            return new Turn(response.Headers.GetValues("x-conversations-silo").Single(), Stopwatch.GetElapsedTime(began));
        }
    }

    /// <summary>An answered turn.</summary>
    /// <param name="Silo">Where it ran.</param>
    /// <param name="Took">From question to answer.</param>
    internal sealed record Turn(string Silo, TimeSpan Took);
}
