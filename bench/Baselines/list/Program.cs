using System.Net;
using System.Net.Sockets;
using Conversations.List;
using Microsoft.Extensions.Logging.Console;
using Npgsql;

// A grain for each session whose state is the list of all its messages, in the storage that everybody uses, behind HTTP.
var builder = WebApplication.CreateSlimBuilder(args);
var settings = builder.Configuration;
var database = new NpgsqlConnectionStringBuilder
{
    Host = settings["connection-host"],
    Port = settings.GetValue<int>("connection-port"),
    Username = settings["user"],
    Database = settings["database"],
    MaxAutoPrepare = 8,
    AutoPrepareMinUsages = 1,
    NoResetOnClose = true,
}.ConnectionString;
using (var script = new StreamReader(typeof(Message).Assembly.GetManifestResourceStream("stock.sql")!))
await using (var source = NpgsqlDataSource.Create(database))
await using (var tables = source.CreateCommand(await script.ReadToEndAsync()))
{
    await tables.ExecuteNonQueryAsync();
}

builder.Logging.SetMinimumLevel(LogLevel.Warning);
builder.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, settings.GetValue<int>("port")));
builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, TurnJson.Default));
builder.UseOrleans(silo =>
{
    silo.UseLocalhostClustering(FreePort(), gatewayPort: 0);
    silo.AddAdoNetGrainStorageAsDefault(storage => (storage.Invariant, storage.ConnectionString) = ("Npgsql", database + ";Search Path=stock"));
});

var app = builder.Build();
app.MapPost("/turn", async (Question question, IGrainFactory grains) =>
    new Answer(await grains.GetGrain<IListGrain>(question.Session).SayAsync(question.Text)));
app.Lifetime.ApplicationStarted.Register(() => Console.WriteLine("ready"));
await app.RunAsync();

static int FreePort()
{
    using var listener = new TcpListener(IPAddress.Loopback, 0);
    listener.Start();
    return ((IPEndPoint)listener.LocalEndpoint).Port;
}
