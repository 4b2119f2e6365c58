using Conversations.Chaos.World;
using Conversations.Checker.Evidence;

namespace Conversations.Chaos.Workload;

/// <summary>
/// Several callers at the same few sessions of each tenant, who talk, read, cancel, fork, erase and delete without regard for each other,
/// and some who approve calls.
/// </summary>
internal sealed class Crowd : IDisposable
{
    private const int Sessions = 5;
    private const int CallersPerTenant = 6;
    private const int ApproversPerTenant = 2;
    private const int TurnsPerSession = 40;
    private const string Brief = "-brief";

    private readonly string _prefix;
    private readonly Chronicle _chronicle;
    private readonly List<Task> _callers = [];
    private readonly List<Task> _approving = [];
    private readonly Dictionary<string, Approvers> _approvers = [];
    private readonly CancellationTokenSource _enough = new();
    private readonly List<Place> _places = [];
    private readonly List<Place> _active = [];
    private readonly Lock _gate = new();
    private readonly bool _isPlain;
    private int _forks;
    private int _opened;

    /// <summary>A crowd that does all that the service can do.</summary>
    public Crowd(string prefix, Chronicle chronicle, IReadOnlyList<Door> doors, int seed)
        : this(prefix, chronicle, [.. doors.Select(door => (door.Gateway.Name, door.HttpUrl))], seed)
    {
        _isPlain = false;
        foreach (var (tenant, key) in ChaosCluster.Tenants)
        {
            _approvers[tenant] = new Approvers();
            GrpcWires[tenant] = [.. doors.Select(door => new GrpcWire(door.Gateway.Name, door.GrpcUrl, key))];
        }
    }

    /// <summary>A crowd that has awaited turns over HTTP and reads, as any service can do.</summary>
    public Crowd(string prefix, Chronicle chronicle, IReadOnlyList<(string Name, Uri Url)> gateways, int seed)
    {
        (_prefix, _chronicle, _isPlain) = (prefix, chronicle, true);
        foreach (var (tenant, key) in ChaosCluster.Tenants)
        {
            for (var i = 0; i < Sessions; i++) Open(tenant, i == 0);
            Wires[tenant] = [.. gateways.Select(gateway => new Wire(gateway.Name, gateway.Url, key))];
        }

        var tenants = ChaosCluster.Tenants.Keys.ToList();
        Seeds = [.. Enumerable.Range(0, CallersPerTenant * tenants.Count).Select(number => (tenants[number % tenants.Count], number, seed + number))];
    }

    /// <summary>How each tenant reaches the gateways.</summary>
    public Dictionary<string, IReadOnlyList<Wire>> Wires { get; } = [];

    /// <summary>How each tenant reaches them over gRPC.</summary>
    public Dictionary<string, IReadOnlyList<GrpcWire>> GrpcWires { get; } = [];

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
        foreach (var ((tenant, approvers), number) in _approvers.SelectMany(each => Enumerable.Repeat(each, ApproversPerTenant)).Zip(Enumerable.Range(1, int.MaxValue)))
        {
            var random = new Random(Seeds[0].Seed - number);
            var (caller, grpc) = (new Caller(tenant, Wires[tenant], _chronicle, random), new GrpcCaller(tenant, GrpcWires[tenant], _chronicle, random));
            _approving.Add(approvers.WorkAsync(caller, grpc, random, stop));
        }

        foreach (var (tenant, number, seed) in Seeds) _callers.Add(LiveAsync(tenant, number, new Random(seed), stop));
    }

    /// <summary>Lets everybody end what they are at, and returns then.</summary>
    public async Task EndAsync()
    {
        await _enough.CancelAsync();
        await Task.WhenAll(_callers);
        foreach (var approvers in _approvers.Values) approvers.Close();
        await Task.WhenAll(_approving);
    }

    public void Dispose()
    {
        _enough.Dispose();
        foreach (var wire in Wires.Values.SelectMany(wires => wires)) wire.Dispose();
        foreach (var wire in GrpcWires.Values.SelectMany(wires => wires)) wire.Dispose();
    }

    private async Task LiveAsync(string tenant, int number, Random random, CancellationToken stop)
    {
        Action<Say, string>? asked = _isPlain ? null : _approvers[tenant].Ask;
        var caller = new Caller(tenant, Wires[tenant], _chronicle, random, asked);
        var grpc = _isPlain ? null : new GrpcCaller(tenant, GrpcWires[tenant], _chronicle, random, asked);
        for (var said = 0; !_enough.IsCancellationRequested; said++)
        {
            var place = Any(tenant, random);
            var text = $"{tenant} {place.Session} caller{number} says{said}";
            await (grpc is null ? TalkAsync(caller, place, text, random, stop) : ActAsync(caller, grpc, place, text, random, stop));
            await Task.Delay(random.Next(200), stop);
        }
    }

    private static async Task TalkAsync(Caller caller, Place place, string text, Random random, CancellationToken stop)
    {
        Interlocked.Increment(ref place.Turns);
        if (random.Next(4) == 0) await caller.ReadAsync(place.Session, gateway: null, isFinal: false, stop);
        else await caller.SayAsync(place.Session, text, new Wish(Way.Awaited, null, true, null), isProbe: false, stop);
    }

    private async Task ActAsync(Caller caller, GrpcCaller grpc, Place place, string text, Random random, CancellationToken stop)
    {
        switch (random.Next(100))
        {
            case < 20 when place.Turns < TurnsPerSession:
                Interlocked.Increment(ref place.Turns);
                await grpc.SayAsync(place.Session, text + Manner(random), Wish.Any(random), stop);
                break;
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
            case 84 when place.IsBrief:
                await caller.DeleteAsync(place.Session, stop);
                break;
            case 85 or 86:
                await caller.EraseAsync(place.Session, stop);
                break;
            case 87:
                await LeaveAsync(place.Tenant, text, random, stop);
                break;
            case > 94:
                await grpc.ReadAsync(place.Session, gateway: null, isFinal: false, stop);
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
        lock (_gate)
        {
            var fork = new Place(place.Tenant, child) { Turns = TurnsPerSession - 8 };
            _places.Add(fork);
            _active.Add(fork);
        }
    }

    // Nobody is there to answer what is asked here, and what comes behind it waits: until all is over.
    private async Task LeaveAsync(string tenant, string text, Random random, CancellationToken stop)
    {
        Place place;
        lock (_gate) _places.Add(place = new Place(tenant, $"{_prefix}{_opened++}-left") { Turns = TurnsPerSession });
        var caller = new Caller(tenant, Wires[tenant], _chronicle, random);
        var wish = new Wish(Way.InBackground, null, true, LeavesAfter: 0);
        await caller.SayAsync(place.Session, $"{text} left [ask]", wish, isProbe: false, stop);
        if (random.Next(2) == 0) await caller.SayAsync(place.Session, $"{text} left behind", wish, isProbe: false, stop);
    }

    private void Open(string tenant, bool isBrief)
    {
        var place = new Place(tenant, $"{_prefix}{_opened++}{(isBrief ? Brief : "")}");
        _places.Add(place);
        _active.Add(place);
    }

    // One that has had its turns makes room for another: so histories stay short enough to be read whole, and there is always work.
    private Place Any(string tenant, Random random)
    {
        lock (_gate)
        {
            var places = _active.Where(place => place.Tenant == tenant).ToList();
            var any = places[random.Next(places.Count)];
            if (any.Turns < TurnsPerSession) return any;
            _active.Remove(any);
            if (places.Count <= Sessions) Open(tenant, any.IsBrief);
            return any;
        }
    }

    private static string Manner(Random random) => random.Next(10) switch { 0 or 1 => " [tool]", 2 => " [slow]", 3 => " [slow] [tool]", 4 when random.Next(2) == 0 => " [ask]", _ => "" };

    /// <summary>A session.</summary>
    internal sealed class Place(string tenant, string session)
    {
        /// <summary>How many turns were asked for in it.</summary>
        public int Turns;

        public string Tenant => tenant;

        public string Session => session;

        /// <summary>Whether it may be deleted.</summary>
        public bool IsBrief => session.EndsWith(Brief, StringComparison.Ordinal);

        /// <summary>A response that somebody has lately been given.</summary>
        public string? Last { get; set; }
    }
}
