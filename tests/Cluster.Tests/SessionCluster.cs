using System.Collections.Immutable;
using Conversations.Cluster.Tests.Storage;
using Conversations.Grains;
using Conversations.Grains.Sessions;
using Conversations.History;
using Conversations.Journal;
using Conversations.Journal.Reading;
using Conversations.Journal.Replay;
using Conversations.Sessions;
using Conversations.Testing;
using Conversations.Turns;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Orleans.Serialization;
using Orleans.Storage;
using Orleans.TestingHost;

namespace Conversations.Cluster.Tests;

/// <summary>Two silos in this process over a real PostgreSQL, and a model that the tests script.</summary>
public class SessionCluster : IAsyncLifetime
{
    private InProcessTestCluster? _cluster;
    private int _tenants;

    public InProcessTestCluster Cluster => _cluster!;

    public ScriptedModel Model { get; private set; } = null!;

    /// <summary>The tools of the agent <c>handy</c>.</summary>
    public TestTools Tools { get; } = new();

    /// <summary>The reads of what an activation did not load.</summary>
    internal CountedReads Reads { get; } = new();

    public TestPostgres Postgres { get; private set; } = null!;

    public NpgsqlDataSource Database { get; private set; } = null!;

    public IJournalReader Journal => Cluster.Silos[0].ServiceProvider.GetRequiredService<IJournalReader>();

    public async Task InitializeAsync()
    {
        // Recovery looks at all sessions of a database: two clusters on one would wake each other's.
        Postgres = await TestPostgres.StartAsync(databases: Databases);
        Model = await ScriptedModel.StartAsync();
        Database = NpgsqlDataSource.Create(Postgres.App);
        var settings = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Agents:scripted:Endpoint"] = Model.Endpoint.ToString(),
            ["Agents:scripted:WindowItems"] = "8",
            ["DefaultAgent"] = "scripted",
            ["Agents:handy:Endpoint"] = Model.Endpoint.ToString(),
            ["Agents:handy:Tools:0"] = "add",
            ["Agents:handy:Tools:1"] = "charge",
            ["Agents:handy:Tools:2"] = "launch",
            ["Agents:handy:Tools:3"] = "slow",
            ["Agents:handy:Tools:4"] = "calculate",
            ["Agents:handy:Tools:5"] = "current_time",
            ["Agents:handy:Tools:6"] = "note_add",
            ["Agents:handy:Tools:7"] = "notes_read",
            ["Agents:hasty:Endpoint"] = Model.Endpoint.ToString(),
            ["Agents:hasty:FirstTokenSeconds"] = "1",
            ["Agents:hasty:IdleSeconds"] = "1",
            ["Agents:hasty:Tries"] = "2",
            ["Agents:wide:Endpoint"] = Model.Endpoint.ToString(),
            ["Agents:wide:WindowItems"] = "20",
            ["Agents:brief:Endpoint"] = Model.Endpoint.ToString(),
            ["Agents:brief:WindowTokens"] = "40",
            ["Agents:reader:Endpoint"] = Model.Endpoint.ToString(),
            ["Agents:reader:TakesFiles"] = "true",
            ["Agents:blind:Endpoint"] = Model.Endpoint.ToString(),
            ["Agents:blind:TakesImages"] = "false",
            ["Agents:compact:Endpoint"] = Model.Endpoint.ToString(),
            ["Agents:compact:CompactAfterItems"] = "8",
            ["Agents:compact:FirstTokenSeconds"] = "1",
            ["Agents:compact:Tools:0"] = "add",
            ["Sessions:QueueLength"] = "12",
            ["Sessions:WatchSeconds"] = "1",
            ["Sessions:ModelIdleSeconds"] = "2",
        }).AddInMemoryCollection(Databases == 1
            ? [KeyValuePair.Create<string, string?>("ConnectionStrings:Conversations", Postgres.App)]
            : Postgres.Server.AppConnectionStrings.Select((app, i) => KeyValuePair.Create<string, string?>($"ConnectionStrings:Conversations:{i}", app)))
            .AddInMemoryCollection(More()).Build();
        var builder = new InProcessTestClusterBuilder(2);
        builder.ConfigureSilo((_, silo) =>
        {
            silo.Services.AddSingleton<IConfiguration>(settings);
            silo.Services.AddJournal(settings);
            silo.AddConversations(settings);
            var storage = silo.Services.Last(s => s.ServiceType == typeof(IGrainStorage) && Equals(s.ServiceKey, SessionGrain.StorageName));
            silo.Services.AddKeyedSingleton<IGrainStorage>(
                SessionGrain.StorageName, (services, name) => new FaultyStorage((IGrainStorage)storage.KeyedImplementationFactory!(services, name)));
            Reads.Decorate(silo.Services);
            foreach (var tool in Tools.All) silo.Services.AddSingleton(tool);
        });
        _cluster = builder.Build();
        await _cluster.DeployAsync();
    }

    public virtual async Task DisposeAsync()
    {
        await Cluster.DisposeAsync();
        await Model.DisposeAsync();
        await Database.DisposeAsync();
        await Postgres.DisposeAsync();
    }

    /// <summary>Over how many databases the sessions are spread.</summary>
    protected virtual int Databases => 1;

    /// <summary>Settings over those of every cluster.</summary>
    protected virtual Dictionary<string, string?> More() => [];

    /// <summary>A session of a tenant that no other test has.</summary>
    public SessionKey NewKey(string id = "s") =>
        SessionKey.TryCreate($"t{Environment.ProcessId}-{Interlocked.Increment(ref _tenants)}-{GetHashCode():x}", id, out var key)
            ? key
            : throw new ArgumentException(id);

    /// <summary>Another session of the same tenant.</summary>
    public static SessionKey Beside(SessionKey key, string id) => SessionKey.TryCreate(key.Tenant, id, out var other) ? other : throw new ArgumentException(id);

    public ISessionGrain Session(SessionKey key) => Cluster.Client.GetGrain<ISessionGrain>(key.ToString());

    /// <summary>A request that says something.</summary>
    public static TurnRequest Say(string text, string? key = null, SessionKey session = default) => new()
    {
        Id = key is null ? TurnId.New(TimeProvider.System) : TurnId.FromKey(session, key),
        IsFirstTry = key is null,
        Fingerprint = System.Text.Encoding.UTF8.GetBytes(text).AsMemory(),
        Input = [new Message(Role.User, [new InputText(text)])],
        Options = new TurnOptions(),
        CreatesSession = true,
    };

    /// <summary>All events of a turn, up to its end.</summary>
    public async Task<IReadOnlyList<TurnEvent>> EventsAsync(SessionKey key, TurnId turn, int after = -1)
    {
        var events = new List<TurnEvent>();
        while (true)
        {
            EventBatch batch;
            try
            {
                batch = await Session(key).WatchAsync(turn, events is [.., var last] ? last.Number : after);
            }
            catch (Exception e) when (e is RetryException or OrleansException or TimeoutException)
            {
                continue;
            }

            events.AddRange(batch.Events);
            if (batch.State == BatchState.Ended) return events;
            if (batch.State != BatchState.Journaled) continue;
            var journaled = await Journal.FindTurnAsync(key, turn, default) ?? throw new InvalidOperationException("No such turn.");
            if (!journaled.Turn.Status.IsTerminal()) continue;
            return [.. events, .. TurnReplay.Events(journaled.Turn, journaled.Output, events is [.., var shown] ? shown.Number : after)];
        }
    }

    /// <summary>Sends a request as a gateway does: again, until there is an answer.</summary>
    public async Task<Submitted> SubmitPatientlyAsync(SessionKey key, TurnRequest request)
    {
        while (true)
        {
            try
            {
                return await Session(key).SubmitAsync(request);
            }
            // The last is a fault of the database while the session was being woken, which has no name here.
            catch (Exception e) when (e is RetryException or OrleansException or TimeoutException or CodecNotFoundException)
            {
                request = request with { IsFirstTry = false };
            }
        }
    }

    /// <summary>Says something and waits for the answer.</summary>
    public async Task<TurnEnded> TurnAsync(SessionKey key, string text, string? agent = null)
    {
        var submitted = await Session(key).SubmitAsync(Say(text) with { Options = new TurnOptions { Agent = agent } });
        return (TurnEnded)(await EventsAsync(key, submitted.Turn.Id))[^1];
    }

    /// <summary>All items, as <c>role: text</c>, straight from the table.</summary>
    public async Task<IReadOnlyList<string>> TranscriptAsync(SessionKey key)
    {
        await using var command = Database.CreateCommand(
            """
            select seq, (body ->> 'role') || ': ' || (body -> 'content' -> 0 ->> 'text') from conversations.item
            where tenant = $1 and session = $2 order by seq
            """);
        command.Parameters.AddWithValue(key.Tenant);
        command.Parameters.AddWithValue(key.Id);
        await using var row = await command.ExecuteReaderAsync();
        var items = new List<string>();
        while (await row.ReadAsync())
        {
            Assert.Equal(items.Count, row.GetInt64(0));
            items.Add(row.GetString(1));
        }

        return items;
    }

    public static string TextOf(TurnEnded end) => string.Concat(
        end.Output.Select(i => i.Body).OfType<Message>().SelectMany(m => m.Content).OfType<OutputText>().Select(p => p.Text));

    public static ImmutableSortedDictionary<string, string> Metadata(string key, string value) =>
        ImmutableSortedDictionary<string, string>.Empty.Add(key, value);
}

[CollectionDefinition("cluster")]
public sealed class ClusterGroup : ICollectionFixture<SessionCluster>;
