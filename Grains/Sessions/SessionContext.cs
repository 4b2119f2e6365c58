using Conversations.Grains.Agents;
using Conversations.Grains.Diagnostics;
using Conversations.Grains.Limits;
using Conversations.Grains.Tools;
using Conversations.Journal.Reading;
using Conversations.Journal.Sharding;
using Conversations.Sessions;
using Conversations.Turns;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Conversations.Grains.Sessions;

/// <summary>What all sessions of a silo share.</summary>
internal sealed class SessionContext(
    AgentCatalog agents,
    IOptions<SessionOptions> options,
    IJournalReader reader,
    ILineageReader lineage,
    ISessionEventReader events,
    ShardMap shards,
    IGrainFactory grains,
    IEnumerable<ISessionErasure> erasures,
    TurnSlots slots,
    TenantSeats seats,
    TimeProvider time,
    SiloIdentity silo,
    ILogger<SessionEngine> log)
{
    public AgentCatalog Agents => agents;

    public SessionOptions Options => options.Value;

    public IJournalReader Reader => reader;

    public ILineageReader Lineage => lineage;

    public ISessionEventReader Events => events;

    /// <summary>Which sessions live together.</summary>
    public ShardMap Shards => shards;

    /// <summary>Another session, to tell it something.</summary>
    public ISessionGrain Session(SessionKey key) => grains.GetGrain<ISessionGrain>(key.ToString());

    /// <summary>What else holds content of sessions.</summary>
    public IEnumerable<ISessionErasure> Erasures => erasures;

    /// <summary>The places of running turns on this silo.</summary>
    public TurnSlots Slots => slots;

    /// <summary>How many sessions of each tenant are at work.</summary>
    public TenantSeats Seats => seats;

    public TimeProvider Time => time;

    public SiloIdentity Silo => silo;

    public ILogger Log => log;

    /// <summary>The log scope of a running turn: it goes on after the call that brought it, and in another life.</summary>
    public IDisposable? Scope(SessionKey key, Turn turn) =>
        log.BeginScope(new SessionScope(silo.Name, key.ToString(), turn.Id, turn.Options.RequestId, turn.Options.User));
}
