// The stock package Microsoft.Extensions.AI.OpenAI, for the end-to-end tests: dotnet Conversations.ChatClient.dll turns '{"first":"hi"}'
// Prints what came of it as one line of JSON.
using System.ClientModel;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using OpenAI.Responses;

var given = JsonNode.Parse(args[1])!;
var responses = new ResponsesClient(
    new ApiKeyCredential(Variable("API_KEY")), new ResponsesClientOptions { Endpoint = new Uri(Variable("BASE_URL")) });
using var client = responses.AsIChatClient("scripted").AsBuilder().UseFunctionInvocation().Build();
var calls = 0;
var weather = AIFunctionFactory.Create(
    (string city) =>
    {
        calls++;
        return $"rain in {city}";
    },
    "weather");

Console.WriteLine((args[0] switch
{
    "turns" => await TurnsAsync(),
    "tool" => await ToolAsync(),
    "stream" => await StreamAsync(),
    "typed" => await TypedAsync(),
    var unknown => throw new ArgumentException($"There is no feature '{unknown}'."),
}).ToJsonString());

string Variable(string name) => Environment.GetEnvironmentVariable(name) ?? throw new InvalidOperationException($"{name} is not set.");

string Text(string name) => (string)given[name]!;

ChatOptions Options(string? conversation) => new() { ConversationId = conversation };

// Two turns; the second one goes on from where the first one says, or both are in one conversation.
async Task<JsonObject> TurnsAsync()
{
    var first = await client.GetResponseAsync(Text("first"), Options((string?)given["conversation"]));
    var second = await client.GetResponseAsync(Text("second"), Options(first.ConversationId));
    return new()
    {
        ["texts"] = new JsonArray(first.Text, second.Text),
        ["conversations"] = new JsonArray(first.ConversationId, second.ConversationId),
        ["tokens"] = new JsonArray(second.Usage?.InputTokenCount, second.Usage?.OutputTokenCount),
    };
}

async Task<JsonObject> ToolAsync()
{
    var options = Options(Text("conversation"));
    options.Tools = [weather];
    var response = (bool)given["stream"]!
        ? await client.GetStreamingResponseAsync(Text("text"), options).ToChatResponseAsync()
        : await client.GetResponseAsync(Text("text"), options);
    return new() { ["text"] = response.Text, ["calls"] = calls };
}

async Task<JsonObject> StreamAsync()
{
    var pieces = new JsonArray();
    await foreach (var update in client.GetStreamingResponseAsync(Text("text")))
    {
        if (update.Text.Length > 0) pieces.Add(update.Text);
    }

    return new() { ["pieces"] = pieces };
}

async Task<JsonObject> TypedAsync()
{
    var response = await client.GetResponseAsync<Forecast>(Text("text"));
    return new() { ["city"] = response.Result.City, ["degrees"] = response.Result.Degrees };
}

internal sealed record Forecast(string City, int Degrees);
