using System.Text.Json.Nodes;
using Conversations.Naive;
using Npgsql;
using Orleans.Configuration;

// What teams write first, behind the two calls of the dialect that they need: dictionary, blob or grain.
var builder = WebApplication.CreateBuilder(args);
var settings = builder.Configuration;
builder.Logging.SetMinimumLevel(LogLevel.Critical);
builder.Services.AddSingleton(new Model(new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri(settings["model"]! + "/") }));
builder.Services.AddSingleton(NpgsqlDataSource.Create(settings["database"]!));
switch (settings["kind"])
{
    case "dictionary":
        builder.Services.AddSingleton<IHistories, DictionaryHistories>();
        break;
    case "blob":
        builder.Services.AddSingleton<IHistories, BlobHistories>();
        break;
    case "grain":
        builder.Services.AddSingleton<IHistories, GrainHistories>();
        builder.UseOrleans(silo =>
        {
            silo.Configure<ClusterOptions>(cluster => (cluster.ClusterId, cluster.ServiceId) = ("naive", "naive"));
            silo.ConfigureEndpoints(System.Net.IPAddress.Loopback, int.Parse(settings["siloPort"]!, null), 0);
            // As quick to notice a death as the service that it is compared with.
            silo.Configure<ClusterMembershipOptions>(membership =>
            {
                membership.ProbeTimeout = TimeSpan.FromMilliseconds(500);
                membership.NumMissedProbesLimit = 2;
                membership.NumVotesForDeathDeclaration = 1;
            });
            silo.UseAdoNetClustering(clustering => (clustering.Invariant, clustering.ConnectionString) = ("Npgsql", settings["database"] + ";Search Path=orleans"));
            silo.AddAdoNetGrainStorageAsDefault(storage => (storage.Invariant, storage.ConnectionString) = ("Npgsql", settings["database"] + ";Search Path=stock"));
        });
        break;
    default:
        throw new InvalidOperationException("--kind is dictionary, blob or grain.");
}

var app = builder.Build();
app.MapGet("/health/ready", () => "Healthy");
app.MapPost("/v1/responses", async (JsonObject body, IHistories histories, CancellationToken stop) =>
{
    var answer = await histories.SayAsync((string)body["conversation"]!, (string)body["input"]!, stop);
    var message = new JsonObject { ["type"] = "message", ["role"] = "assistant", ["content"] = new JsonArray(new JsonObject { ["type"] = "output_text", ["text"] = answer }) };
    return Results.Json(new JsonObject { ["id"] = $"resp_{Guid.NewGuid():N}", ["status"] = "completed", ["output"] = new JsonArray(message) });
});
app.MapGet("/v1/conversations/{session}/items", async (string session, IHistories histories, CancellationToken stop) =>
{
    var items = (await histories.ReadAsync(session, stop)).Select(saying => (JsonNode)new JsonObject
    {
        ["type"] = "message",
        ["role"] = saying.Role,
        ["content"] = new JsonArray(new JsonObject { ["text"] = saying.Text }),
    });
    return Results.Json(new JsonObject { ["data"] = new JsonArray([.. items]), ["has_more"] = false });
});
await app.RunAsync(settings["url"]);
