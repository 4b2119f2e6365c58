using System.ClientModel;
using System.Collections.Concurrent;
using System.Net;
using Conversations.Proxy;
using Microsoft.Extensions.Logging.Console;
using Microsoft.SemanticKernel.ChatCompletion;
using Microsoft.SemanticKernel.Connectors.OpenAI;
using OpenAI;

// A plain endpoint that has the model answer what the request says, through Semantic Kernel's connector, and passes each piece on.
var builder = WebApplication.CreateSlimBuilder(args);
var settings = builder.Configuration;
builder.Logging.SetMinimumLevel(LogLevel.Warning);
builder.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, settings.GetValue<int>("port")));
builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, PieceJson.Default));

var client = new OpenAIClient(new ApiKeyCredential("none"), new OpenAIClientOptions { Endpoint = new Uri(settings["model-endpoint"]!) });
var models = new ConcurrentDictionary<string, IChatCompletionService>();
var app = builder.Build();
app.MapPost("/v1/responses", async (Question question, HttpContext http) =>
{
    var model = models.GetOrAdd(question.Model, name => new OpenAIChatCompletionService(name, client));
    http.Response.ContentType = "text/event-stream";
    var number = 0;
    await foreach (var piece in model.GetStreamingChatMessageContentsAsync(new ChatHistory(question.Input), cancellationToken: http.RequestAborted))
    {
        if (piece.Content is not { Length: > 0 } text) continue;
        PieceFrame.Write(http.Response.BodyWriter, new Piece("response.output_text.delta", number++, text));
        await http.Response.BodyWriter.FlushAsync(http.RequestAborted);
    }

    PieceFrame.Write(http.Response.BodyWriter, new Piece("response.completed", number, null));
    await http.Response.BodyWriter.FlushAsync(http.RequestAborted);
});
app.Lifetime.ApplicationStarted.Register(() => Console.WriteLine("ready"));
await app.RunAsync();
