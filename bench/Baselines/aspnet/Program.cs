using System.Net;
using Conversations.AspNet;
using Microsoft.Extensions.Logging.Console;
using Npgsql;

// A plain endpoint that writes the rows of a turn, and answers.
var builder = WebApplication.CreateSlimBuilder(args);
var settings = builder.Configuration;
builder.Logging.SetMinimumLevel(LogLevel.Warning);
builder.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, settings.GetValue<int>("port")));
builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, TurnJson.Default));
builder.Services.AddSingleton(NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder
{
    Host = settings["connection-host"],
    Port = settings.GetValue<int>("connection-port"),
    Username = settings["user"],
    Database = settings["database"],
    MaxAutoPrepare = 8,
    AutoPrepareMinUsages = 1,
    NoResetOnClose = true,
}));
builder.Services.AddSingleton<Turns>();

var app = builder.Build();
app.MapPost("/turn", async (Question question, Turns turns, CancellationToken stop) =>
{
    var answer = new string('a', 200);
    await turns.AppendAsync(question.Session, question.Text, answer, stop);
    return new Answer(answer);
});
app.Lifetime.ApplicationStarted.Register(() => Console.WriteLine("ready"));
await app.RunAsync();
