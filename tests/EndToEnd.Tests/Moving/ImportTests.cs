using System.Globalization;
using System.Text.Json.Nodes;
using Conversations.EndToEnd.Tests.Callers;
using Conversations.Testing;
using Npgsql;

namespace Conversations.EndToEnd.Tests.Moving;

/// <summary>Histories that LangChain's own classes wrote, taken over by the importer.</summary>
[Collection(SmallClusterGroup.Name)]
public sealed class ImportTests(SmallCluster cluster)
{
    private const int Sessions = 12;
    private const int Messages = 45;

    [Fact]
    public async Task Import_FromPostgresKilledAndRunAgain_EndsWithExactlyWhatLangChainReads()
    {
        await using var source = await TestPostgres.StartAsync(migrate: false);
        var connection = new NpgsqlConnectionStringBuilder(source.Owner);
        var filled = await LangChainPrograms.RunAsync(
            "fill.mjs",
            new Dictionary<string, string>
            {
                ["PGHOST"] = connection.Host!,
                ["PGPORT"] = connection.Port.ToString(CultureInfo.InvariantCulture),
                ["PGUSER"] = connection.Username!,
                ["PGPASSWORD"] = connection.Password!,
                ["PGDATABASE"] = connection.Database!,
            },
            "postgres",
            "message_store",
            Histories("pg").ToJsonString());

        await AssertMovesAsync(filled, "pg", "--from", "postgres", "--connection", source.Owner);
    }

    [Fact]
    public async Task Import_FromRedisKilledAndRunAgain_EndsWithExactlyWhatLangChainReads()
    {
        await using var source = await TestRedis.StartAsync();
        var environment = new Dictionary<string, string> { ["REDIS_URL"] = source.Url };
        var filled = await LangChainPrograms.RunAsync("fill.mjs", environment, "redis", "chat:", Histories("redis").ToJsonString());

        await AssertMovesAsync(filled, "redis", "--from", "redis", "--connection", source.Url, "--prefix", "chat:");
    }

    [Fact]
    public async Task Import_OfWhatCannotBeTold_ReportsSessionAndPlaceAndGoesOn()
    {
        await using var source = await TestRedis.StartAsync();
        var histories = new JsonObject
        {
            ["heard"] = new JsonArray(
                new JsonObject { ["type"] = "human", ["content"] = "one" },
                new JsonObject { ["type"] = "human", ["content"] = new JsonArray(new JsonObject { ["type"] = "audio", ["data"] = "AA==" }) },
                new JsonObject { ["type"] = "ai", ["content"] = "two" }),
            ["taken"] = new JsonArray(new JsonObject { ["type"] = "human", ["content"] = "mine" }),
            [new string('x', 300)] = new JsonArray(new JsonObject { ["type"] = "human", ["content"] = "long" }),
        };
        await LangChainPrograms.RunAsync("fill.mjs", new Dictionary<string, string> { ["REDIS_URL"] = source.Url }, "redis", "", histories.ToJsonString());
        cluster.Model.Reply(request => $"echo: {request.LastUser}");
        (await cluster.Caller().SayAsync("taken", "theirs")).Ok();

        var import = await ImportProcess.RunAsync(cluster.Processes.Gateways[0].HttpUrl, "--from", "redis", "--connection", source.Url, "--prefix", "");

        Assert.Equal(2, import.ExitCode);
        Assert.Contains("session 'heard', message 1 (index -2): it has a block of the type 'audio' that no item can hold. Left out.", import.Error);
        Assert.Contains("session 'taken', message 0 (index -1): the conversation has something else in this place. Left alone.", import.Error);
        Assert.Contains("xxx': its id is empty, or has more than 256 characters", import.Error);
        Assert.Contains("1 imported, 0 unchanged, 0 gone on since, 1 different, 0 refused, 0 empty; messages: 4 read, 2 left out; items: 2 appended", import.Output);
        Assert.Equal(["user: one", "assistant: two"], await TranscriptAsync("heard"));
        Assert.Equal(["user: theirs", "assistant: echo: theirs"], await TranscriptAsync("taken"));
    }

    private async Task AssertMovesAsync(IReadOnlyList<JsonObject> filled, string kind, params string[] arguments)
    {
        var gateway = cluster.Processes.Gateways[0].HttpUrl;
        var rehearsal = await ImportProcess.RunAsync(gateway, [.. arguments, "--dry-run"]);
        Assert.Equal((0, ""), (rehearsal.ExitCode, rehearsal.Error.Replace($"session '{kind}/odd id': is the conversation '{kind}~2Fodd~20id'.\n", "", StringComparison.Ordinal)));
        Assert.Contains($"sessions: {Sessions} to import", rehearsal.Output);
        Assert.Equal(404, (int)(await cluster.Caller().GetAsync($"conversations/{kind}-3")).Status);

        // In the middle of a session, after the service carried the append out and before the importer heard of it.
        await using (var gate = await Gate.StartAsync(gateway, heldAppend: 14))
        {
            using var killed = await ImportProcess.StartAsync(gate.Url, arguments);
            await gate.Held.WaitAsync(Deadline.Length);
            await killed.KillAsync();
        }

        var second = await ImportProcess.RunAsync(gateway, arguments);
        Assert.Equal(0, second.ExitCode);
        foreach (var session in filled) await AssertSameAsync(session);

        var third = await ImportProcess.RunAsync(gateway, arguments);
        Assert.Equal(0, third.ExitCode);
        Assert.Contains($"{Sessions} unchanged, 0 gone on since", third.Output);
        Assert.Contains("items: 0 appended", third.Output);

        cluster.Model.Reply(request => $"echo: {request.LastUser}");
        (await cluster.Caller().SayAsync($"{kind}-3", "I live here now.")).Ok();
        var fourth = await ImportProcess.RunAsync(gateway, arguments);
        Assert.Equal(0, fourth.ExitCode);
        Assert.Contains($"session '{kind}-3': was imported, and has gone on since. Left alone.", fourth.Error);
        Assert.Equal(["user: I live here now.", "assistant: echo: I live here now."], (await TranscriptAsync($"{kind}-3")).Skip(Messages + (Messages / 5)));
        foreach (var session in filled.Where(session => (string)session["session"]! != $"{kind}-3")) await AssertSameAsync(session);
    }

    private async Task AssertSameAsync(JsonObject filled)
    {
        var name = ((string)filled["session"]!).Replace("/odd id", "~2Fodd~20id", StringComparison.Ordinal);
        Assert.Equal(
            filled["messages"]!.AsArray().Select(message => Renamed((string)message!)),
            (await TranscriptAsync(name)).Where(line => !line.StartsWith("function_call:", StringComparison.Ordinal)));
    }

    private static string Renamed(string message) => message
        .Replace("human: ", "user: ", StringComparison.Ordinal)
        .Replace("ai: ", "assistant: ", StringComparison.Ordinal)
        .Replace("tool: ", "function_call_output: ", StringComparison.Ordinal);

    private async Task<IReadOnlyList<string>> TranscriptAsync(string session) => await cluster.Caller().TranscriptAsync(session);

    private static JsonObject Histories(string kind)
    {
        var histories = new JsonObject();
        for (var s = 0; s < Sessions; s++)
        {
            var session = s == 0 ? $"{kind}/odd id" : $"{kind}-{s}";
            histories[session] = new JsonArray([.. Enumerable.Range(0, Messages).Select(m => Message(session, m))]);
        }

        return histories;
    }

    private static JsonObject Message(string session, int number) => (number % 5) switch
    {
        0 when number == 0 => new JsonObject { ["type"] = "system", ["content"] = $"Be kind to {session}." },
        1 => new JsonObject { ["type"] = "human", ["content"] = $"{number}: what's the weather in Zürich? ☂ \"{session}\"" },
        2 => new JsonObject
        {
            ["type"] = "ai",
            ["content"] = $"{number}: let me see.",
            ["tool_calls"] = new JsonArray(new JsonObject { ["id"] = $"call_{number}", ["name"] = "weather", ["args"] = new JsonObject { ["city"] = "Zürich" } }),
        },
        3 => new JsonObject { ["type"] = "tool", ["content"] = $"{number}: rain", ["tool_call_id"] = $"call_{number - 1}" },
        4 => new JsonObject { ["type"] = "ai", ["content"] = $"{number}: it rains." },
        _ => new JsonObject { ["type"] = "human", ["content"] = new JsonArray(new JsonObject { ["type"] = "text", ["text"] = $"{number}: thanks." }) },
    };
}
