using Conversations.Checker.Evidence;

namespace Conversations.Chaos.Tests.Checker;

/// <summary>The evidence of a run in which nothing went wrong, for a test to tamper with.</summary>
internal sealed class HonestRun
{
    private long _clock;
    private int _marks;

    public HonestRun()
    {
        var first = Open("red", "one");
        Talk(first, "hello");
        Talk(first, "more [tool]", tool: true);
        Read(first, "gateway-1");
        Append(first, "by the way");
        Talk(first, "streamed", streamed: true);
        Refuse(first, "too late");
        Read(first, "gateway-2");
        Talk(first, "may I [ask]", tool: true, isAsked: true);
        Talk(first, "a slip");
        Read(first, "gateway-1");
        Erase(first, "a slip");
        Talk(first, "after that");
        Talk(first, "and the end", isProbe: true);
        Read(first, "gateway-1", isFinal: true);
        var second = Open("blue", "one");
        Talk(second, "good day");
        Talk(second, "and another", isProbe: true);
        Read(second, "gateway-2", isFinal: true);
    }

    public List<Operation> Operations { get; } = [];

    public List<StoredSession> Sessions { get; } = [];

    public List<ModelCall> Calls { get; } = [];

    public List<ToolEffect> Effects { get; } = [];

    public CaseFile File => new(Operations, Sessions, Calls, Effects);

    /// <summary>The session in which most happens.</summary>
    public StoredSession First => Sessions[0];

    public Say Said(string text) => Operations.OfType<Say>().Single(say => say.Text.EndsWith(text, StringComparison.Ordinal));

    public Read LastRead => Operations.OfType<Read>().Last(read => read.Session == First.Session && read.Tenant == First.Tenant);

    public Resolve Resolved => Operations.OfType<Resolve>().Single();

    public Erase Erased => Operations.OfType<Erase>().Single();

    /// <summary>The last reading before that.</summary>
    public Read Before(Operation operation) => Operations.OfType<Read>().Last(read => read.Tenant == operation.Tenant && read.Ended < operation.Began);

    public Read EarlyRead => Operations.OfType<Read>().First();

    /// <summary>Replaces the stored items of the first session, and leaves turns and head as they are.</summary>
    public void Store(IEnumerable<StoredItem> items) => Sessions[0] = First with { Items = [.. items] };

    /// <summary>Replaces them, with numbers and turns that fit.</summary>
    public void StoreAsIfRight(IEnumerable<StoredItem> items)
    {
        var placed = items.Select((item, place) => item with { Seq = place }).ToList();
        var numbered = placed.GroupBy(item => item.Turn).SelectMany(turn => turn.Select((item, index) => item with { Index = index })).OrderBy(item => item.Seq).ToList();
        var turns = First.Turns.Select(turn => turn with
        {
            FirstSeq = numbered.FirstOrDefault(item => item.Turn == turn.Turn)?.Seq,
            ItemCount = numbered.Count(item => item.Turn == turn.Turn),
        });
        Sessions[0] = First with { Items = numbered, ItemCount = numbered.Count, Turns = [.. turns] };
    }

    private static Item User(string text) => new("message", "user", text, null);

    private static Item Answer(string text) => new("message", "assistant", text, null);

    private StoredSession Open(string tenant, string session)
    {
        Sessions.Add(new StoredSession(tenant, session, false, null, null, 0, [], []));
        return Sessions[^1];
    }

    private void Talk(StoredSession session, string what, bool tool = false, bool isAsked = false, bool streamed = false, bool isProbe = false)
    {
        var text = $"{session.Tenant} {session.Session} {what}";
        var say = new Say
        {
            Tenant = session.Tenant,
            Session = session.Session,
            Via = "gateway-1",
            Began = ++_clock,
            Text = text,
            IsProbe = isProbe,
            Outcome = Outcome.Ok,
            Accepted = ++_clock,
            Response = $"resp-{_clock}",
            Status = "completed",
            FinalStatus = "completed",
        };
        var produced = new List<Item>();
        var before = Items(session).Where(item => item is { IsRequest: false, IsVerdict: false }).Append(User(text)).ToList();
        if (tool)
        {
            var call = $"call_{++_marks}";
            Calls.Add(new ModelCall($"a{_marks}", "", [.. before]));
            produced.Add(new Item("function_call", null, "{}", call));
            if (isAsked)
            {
                produced.Add(new Item("conversations:approval_request", null, "{}", call));
                produced.Add(new Item("conversations:approval_response", null, "yes", call));
                Operations.Add(new Resolve { Tenant = session.Tenant, Session = session.Session, Via = "gateway-2", Began = ++_clock, CallId = call, Approve = true, Outcome = Outcome.Ok, Ended = ++_clock });
            }

            produced.Add(new Item("function_call_output", null, "charged 1", call));
            Effects.Add(new ToolEffect("charge", call, NeedsApproval: isAsked));
        }

        var answer = $"a{++_marks} about {what}";
        Calls.Add(new ModelCall($"a{_marks}", answer, [.. before, .. produced.Where(item => !item.IsRequest && !item.IsVerdict)]));
        produced.Add(Answer(answer));
        Keep(session, [User(text), .. produced]);
        say.Answer = answer;
        if (streamed) say.Streams.Add(Stream(answer));
        say.Ended = ++_clock;
        Operations.Add(say);
    }

    private void Append(StoredSession session, string what)
    {
        var text = $"{session.Tenant} {session.Session} {what}";
        Keep(session, [User(text)]);
        Operations.Add(new Append
        {
            Tenant = session.Tenant,
            Session = session.Session,
            Via = "gateway-1",
            Began = ++_clock,
            Texts = [text],
            Outcome = Outcome.Ok,
            Ended = ++_clock,
        });
    }

    private void Erase(StoredSession session, string what)
    {
        var (current, item) = (Current(session), User($"{session.Tenant} {session.Session} {what}"));
        Sessions[Sessions.IndexOf(current)] = current with { Items = [.. current.Items.Select(there => there.Item == item ? there with { Item = new Item("message", null, null, null) } : there)] };
        Operations.Add(new Erase { Tenant = session.Tenant, Session = session.Session, Via = "gateway-2", Began = ++_clock, Item = item, Outcome = Outcome.Ok, Ended = ++_clock });
    }

    private void Refuse(StoredSession session, string what) => Operations.Add(new Say
    {
        Tenant = session.Tenant,
        Session = session.Session,
        Via = "gateway-1",
        Began = ++_clock,
        Text = $"{session.Tenant} {session.Session} {what}",
        Outcome = Outcome.Refused,
        Ended = ++_clock,
    });

    private void Read(StoredSession session, string via, bool isFinal = false) => Operations.Add(new Read
    {
        Tenant = session.Tenant,
        Session = session.Session,
        Via = via,
        Began = ++_clock,
        Items = [.. Items(session)],
        IsFinal = isFinal,
        Outcome = Outcome.Ok,
        Ended = ++_clock,
    });

    // Of what was erased nothing is shown.
    private IEnumerable<Item> Items(StoredSession session) => Current(session).Items.Select(item => item.Item).Where(item => !item.IsBlank);

    private StoredSession Current(StoredSession session) => Sessions.Single(s => s.Tenant == session.Tenant && s.Session == session.Session);

    private void Keep(StoredSession session, IReadOnlyList<Item> items)
    {
        var current = Current(session);
        var (turn, from) = ($"turn-{++_clock}", current.Items.Count);
        Sessions[Sessions.IndexOf(current)] = current with
        {
            ItemCount = from + items.Count,
            Items = [.. current.Items, .. items.Select((item, index) => new StoredItem(from + index, turn, index, item))],
            Turns = [.. current.Turns, new StoredTurn(turn, 2, from, items.Count, false, false, null)],
        };
    }

    private static Watched Stream(string answer)
    {
        var events = new List<WatchedEvent> { Event("response.created", null, "in_progress"), Event("response.in_progress", null, "in_progress"), Event("response.output_item.added", null, "in_progress") };
        foreach (var (index, word) in answer.Split(' ').Index()) events.Add(Event("response.output_text.delta", index == 0 ? word : " " + word, null));
        events.Add(Event("response.output_item.done", answer, "completed"));
        events.Add(Event("response.completed", null, "completed"));
        return new Watched(null, [.. events.Select((e, number) => e with { Number = number })], true);
    }

    private static WatchedEvent Event(string type, string? text, string? status) => new(0, type, type.Contains("output", StringComparison.Ordinal) ? "msg_1" : null, text, status);
}
