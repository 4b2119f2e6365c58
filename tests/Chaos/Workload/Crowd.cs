using Conversations.Chaos.World;

namespace Conversations.Chaos.Workload;

/// <summary>
/// Several callers at the same few sessions of each tenant, who talk, read, cancel, fork and delete without regard for each other.
/// </summary>
internal sealed class Crowd : IDisposable
{
    private const int Sessions = 5;
    private const int CallersPerTenant = 6;
    private const int TurnsPerSession = 40;

    private readonly string _prefix;
    private readonly Chronicle _chronicle;
    private readonly List<Task> _callers = [];
    private readonly CancellationTokenSource _enough = new();
    private readonly List<Place> _places = [];
    private readonly Lock _gate = new();
    private int _forks;

    public Crowd(string prefix, Chronicle chronicle, IReadOnlyList<(string Name, Uri Url)> gateways, int seed)
    {
        (_prefix, _chronicle) = (prefix, chronicle);
        foreach (var (tenant, key) in ChaosCluster.Tenants)
        {
            for (var i = 0; i < Sessions; i++) _places.Add(new Place(tenant, $"{prefix}{i}{(i == 0 ? "-brief" : "")}"));
            Wires[tenant] = [.. gateways.Select(gateway => new Wire(gateway.Name, gateway.Url, key))];
        }

        var tenants = ChaosCluster.Tenants.Keys.ToList();
        Seeds = [.. Enumerable.Range(0, CallersPerTenant * tenants.Count).Select(number => (tenants[number % tenants.Count], number, seed + number))];
    }

    /// <summary>How each tenant reaches the gateways.</summary>
    public Dictionary<string, IReadOnlyList<Wire>> Wires { get; } = [];

    /// <summary>All sessions there are by now.</summary>
    public IReadOnlyList<Place> Places
    {
        get
        {
            lock (_gate) return [.. _places];
        }
    }

    private IReadOnlyList<(string Tenant, int Number, int Seed)> Seeds { get; }

    public void Begin(CancellationToken stop)
    {
        foreach (var (tenant, number, seed) in Seeds) _callers.Add(LiveAsync(tenant, number, new Random(seed), stop));
    }

    /// <summary>Lets everybody end what they are at, and returns then.</summary>
    public async Task EndAsync()
    {
        await _enough.CancelAsync();
        await Task.WhenAll(_callers);
    }

    public void Dispose()
    {
        _enough.Dispose();
        foreach (var wire in Wires.Values.SelectMany(wires => wires)) wire.Dispose();
    }

    private async Task LiveAsync(string tenant, int number, Random random, CancellationToken stop)
    {
        var caller = new Caller(tenant, Wires[tenant], _chronicle, random);
        for (var said = 0; !_enough.IsCancellationRequested; said++)
        {
            var place = Any(tenant, random);
            await ActAsync(caller, place, $"{tenant} {place.Session} caller{number} says{said}", random, stop);
            await Task.Delay(random.Next(200), stop);
        }
    }

    private async Task ActAsync(Caller caller, Place place, string text, Random random, CancellationToken stop)
    {
        switch (random.Next(100))
        {
            case < 68 when place.Turns < TurnsPerSession:
                Interlocked.Increment(ref place.Turns);
                var say = await caller.SayAsync(place.Session, text + Manner(random), Wish.Any(random), isProbe: false, stop);
                place.Last = say.Response ?? place.Last;
                break;
            case >= 68 and < 76 when place.Turns < TurnsPerSession:
                Interlocked.Increment(ref place.Turns);
                await caller.AppendAsync(place.Session, [.. Enumerable.Range(0, random.Next(1, 4)).Select(number => $"{text} appended{number}")], stop);
                break;
            case >= 76 and < 82 when place.Last is { } last:
                await caller.CancelAsync(place.Session, last, stop);
                break;
            case 82 or 83:
                await ForkAsync(caller, place, stop);
                break;
            case 84 when place.Session.EndsWith("-brief", StringComparison.Ordinal):
                await caller.DeleteAsync(place.Session, stop);
                break;
            default:
                await caller.ReadAsync(place.Session, gateway: null, isFinal: false, stop);
                break;
        }
    }

    private async Task ForkAsync(Caller caller, Place place, CancellationToken stop)
    {
        var child = $"{_prefix}fork{Interlocked.Increment(ref _forks)}";
        if (!await caller.ForkAsync(place.Session, child, stop)) return;
        lock (_gate) _places.Add(new Place(place.Tenant, child) { Turns = TurnsPerSession - 8 });
    }

    private Place Any(string tenant, Random random)
    {
        var places = Places.Where(place => place.Tenant == tenant).ToList();
        return places[random.Next(places.Count)];
    }

    private static string Manner(Random random) => random.Next(10) switch { 0 or 1 => " [tool]", 2 => " [slow]", 3 => " [slow] [tool]", _ => "" };

    /// <summary>A session.</summary>
    internal sealed class Place(string tenant, string session)
    {
        /// <summary>How many turns were asked for in it.</summary>
        public int Turns;

        public string Tenant => tenant;

        public string Session => session;

        /// <summary>A response that somebody has lately been given.</summary>
        public string? Last { get; set; }
    }
}
