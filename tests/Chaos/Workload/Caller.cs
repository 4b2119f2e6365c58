using System.Text.Json.Nodes;
using Conversations.Checker.Evidence;

namespace Conversations.Chaos.Workload;

/// <summary>
/// Somebody of one tenant who uses whatever gateway answers. What gets no clear answer is asked again under the same key, through
/// another gateway, until the patience ends; then it is unknown. Whoever is named is told of calls that must be approved.
/// </summary>
internal sealed class Caller(string tenant, IReadOnlyList<Wire> wires, Chronicle chronicle, Random random, Action<Say, string>? asked = null)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>A turn with the model, to its end or until it is given up.</summary>
    public async Task<Say> SayAsync(string session, string text, Wish wish, bool isProbe, CancellationToken stop)
    {
        var wire = AnyWire();
        var say = chronicle.Add(new Say
        {
            Tenant = tenant,
            Session = session,
            Via = wire.Name,
            Began = Chronicle.Now,
            Text = text,
            Policy = wish.Policy?.Split(';')[0],
            Way = wish.Way.ToString(),
            IsProbe = isProbe,
        });
        var body = new JsonObject { ["conversation"] = session, ["input"] = text };
        if (wish.Way == Way.InBackground) body["background"] = true;
        if (wish.Way == Way.Streamed) body["stream"] = true;
        (string, string?)[] headers = [("X-Overlap-Policy", wish.Policy), ("Idempotency-Key", wish.HasKey ? text : null)];
        try
        {
            if (wish.Way == Way.Streamed) await StreamAsync(say, wire, body, headers, wish, stop);
            else await AskAsync(say, wire, body, headers, wish, stop);
            if (say is { Outcome: Outcome.Ok, Status: "queued" or "in_progress" } && wish.LeavesAfter != 0
                && (text.Contains("[ask]", StringComparison.Ordinal) || random.Next(4) > 0))
            {
                await PollAsync(say, stop);
            }
        }
        finally
        {
            say.Ended = Chronicle.Now;
        }

        return say;
    }

    public async Task AppendAsync(string session, IReadOnlyList<string> texts, CancellationToken stop)
    {
        var wire = AnyWire();
        var append = chronicle.Add(new Append { Tenant = tenant, Session = session, Via = wire.Name, Began = Chronicle.Now, Texts = texts });
        var body = new JsonObject { ["items"] = new JsonArray([.. texts.Select(text => new JsonObject { ["role"] = "user", ["content"] = text })]) };
        Close(append, await InsistAsync(wire, HttpMethod.Post, $"conversations/{session}/items", body, stop, ("Idempotency-Key", texts[0])));
    }

    public async Task CancelAsync(string session, string response, CancellationToken stop)
    {
        var wire = AnyWire();
        var cancel = chronicle.Add(new Cancel { Tenant = tenant, Session = session, Via = wire.Name, Began = Chronicle.Now, Response = response });
        Close(cancel, await InsistAsync(wire, HttpMethod.Post, $"responses/{response}/cancel", null, stop));
    }

    /// <summary>Answers whether a call may be made.</summary>
    public async Task ResolveAsync(Say say, string callId, bool approve, CancellationToken stop)
    {
        var wire = AnyWire();
        var resolve = chronicle.Add(new Resolve { Tenant = tenant, Session = say.Session, Via = wire.Name, Began = Chronicle.Now, CallId = callId, Approve = approve });
        Close(resolve, await InsistAsync(wire, HttpMethod.Post, $"responses/{say.Response}/approvals/{callId}", new JsonObject { ["approve"] = approve }, stop));
    }

    /// <summary>Erases one of the newest items.</summary>
    public async Task EraseAsync(string session, CancellationToken stop)
    {
        var page = await AnyWire().SendAsync(HttpMethod.Get, $"conversations/{session}/items?limit=20", null, stop);
        var items = page.Body?["data"]?.AsArray().Where(item => (string?)item!["type"] is "message" or "function_call" or "function_call_output").ToList();
        if (items is not { Count: > 0 }) return;
        var item = items[random.Next(items.Count)]!;
        var wire = AnyWire();
        var erase = chronicle.Add(new Erase { Tenant = tenant, Session = session, Via = wire.Name, Began = Chronicle.Now, Item = WireItems.Read(item) });
        Close(erase, await InsistAsync(wire, HttpMethod.Delete, $"conversations/{session}/items/{(string)item["id"]!}", null, stop));
    }

    public async Task<bool> ForkAsync(string session, string child, CancellationToken stop)
    {
        var wire = AnyWire();
        var fork = chronicle.Add(new Fork { Tenant = tenant, Session = session, Via = wire.Name, Began = Chronicle.Now, Child = child });
        Close(fork, await InsistAsync(wire, HttpMethod.Post, $"conversations/{session}/fork", new JsonObject { ["id"] = child }, stop));
        return fork.Outcome == Outcome.Ok;
    }

    public async Task DeleteAsync(string session, CancellationToken stop)
    {
        var wire = AnyWire();
        var delete = chronicle.Add(new Delete { Tenant = tenant, Session = session, Via = wire.Name, Began = Chronicle.Now });
        Close(delete, await InsistAsync(wire, HttpMethod.Delete, $"conversations/{session}", null, stop));
    }

    /// <summary>The whole history, through one gateway.</summary>
    public async Task<Read> ReadAsync(string session, int? gateway, bool isFinal, CancellationToken stop)
    {
        var wire = gateway is { } number ? wires[number] : AnyWire();
        var read = chronicle.Add(new Read { Tenant = tenant, Session = session, Via = wire.Name, Began = Chronicle.Now, IsFinal = isFinal });
        var items = new List<Item>();
        string? after = null;
        while (true)
        {
            var answer = await wire.SendAsync(HttpMethod.Get, $"conversations/{session}/items?order=asc&limit=100{(after is null ? "" : $"&after={after}")}", null, stop);
            (read.Outcome, read.Why, read.Ended) = (answer.Outcome, answer.IsOk ? null : answer.Why, Chronicle.Now);
            if (!answer.IsOk) return read;
            items.AddRange(answer.Body!["data"]!.AsArray().Select(WireItems.Read));
            if (!(bool)answer.Body["has_more"]!) break;
            after = (string?)answer.Body["last_id"];
        }

        read.Items = items;
        return read;
    }

    /// <summary>What has become of a turn in the end.</summary>
    public async Task LookAsync(Say say, CancellationToken stop)
    {
        var answer = await InsistAsync(AnyWire(), HttpMethod.Get, $"responses/{say.Response}", null, stop);
        say.FinalStatus = (string?)answer.Body?["status"];
    }

    private static void Close(Operation operation, WireAnswer answer) =>
        (operation.Outcome, operation.Why, operation.Ended) = (answer.Outcome, answer.IsOk ? null : answer.Why, Chronicle.Now);

    private async Task AskAsync(Say say, Wire wire, JsonObject body, (string, string?)[] headers, Wish wish, CancellationToken stop)
    {
        var answer = wish.HasKey
            ? await InsistAsync(wire, HttpMethod.Post, "responses", body, stop, headers)
            : await wire.SendAsync(HttpMethod.Post, "responses", body, stop, headers);
        (say.Outcome, say.Why) = (answer.Outcome, answer.IsOk ? null : answer.Why);
        if (answer.IsOk) Learn(say, answer.Body!);
    }

    private async Task StreamAsync(Say say, Wire wire, JsonObject body, (string, string?)[] headers, Wish wish, CancellationToken stop)
    {
        var deadline = Chronicle.Now + (long)(Patience.TotalSeconds * System.Diagnostics.Stopwatch.Frequency);
        // A stream whose turn does not end stays open, and says that it lives: whoever waited for it would wait for ever.
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(Patience);
        long? after = null;
        var leaves = wish.LeavesAfter;
        do
        {
            // What has a name is taken up again where it broke off; what has none is asked for again, if it has a key.
            var isResumed = say.Response is not null;
            using var response = isResumed
                ? await wire.OpenAsync(HttpMethod.Get, $"responses/{say.Response}?stream=true{(after is null ? "" : $"&starting_after={after}")}", null, stop)
                : await wire.OpenAsync(HttpMethod.Post, "responses", body, stop, headers);
            if (response is { IsSuccessStatusCode: true })
            {
                using var events = new EventReader(response, isResumed ? after : null);
                try
                {
                    await events.ReadAsync(data => LearnEvent(say, data), count => count >= leaves, patience.Token);
                }
                catch (OperationCanceledException) when (!stop.IsCancellationRequested)
                {
                    // What came until now is evidence all the same.
                }

                say.Streams.Add(events.Watched);
                after = events.Last ?? after;
                leaves = null;
                if (events.Watched.Events is [.., { IsEnd: true }]) return;
            }
            else if (response is not null && (int)response.StatusCode is >= 400 and < 500)
            {
                say.Why = $"{(int)response.StatusCode}";
                if (!isResumed) say.Outcome = Outcome.Refused;
                return;
            }

            if (say.Response is null && !wish.HasKey) return;
            await Task.Delay(Pause, stop);
            wire = AnyWire(wire);
        }
        while (Chronicle.Now < deadline);
    }

    private async Task PollAsync(Say say, CancellationToken stop)
    {
        for (var i = 0; i < 200 && say.Status is "queued" or "in_progress"; i++)
        {
            await Task.Delay(Pause, stop);
            var answer = await AnyWire().SendAsync(HttpMethod.Get, $"responses/{say.Response}", null, stop);
            if (answer.IsOk) Learn(say, answer.Body!);
            else if (answer.IsRefusal) return;
        }
    }

    private async Task<WireAnswer> InsistAsync(
        Wire wire, HttpMethod method, string path, JsonObject? body, CancellationToken stop, params (string, string?)[] headers)
    {
        var deadline = Chronicle.Now + (long)(Patience.TotalSeconds * System.Diagnostics.Stopwatch.Frequency);
        var isRepeated = false;
        while (true)
        {
            var answer = await wire.SendAsync(method, path, body, stop, headers);
            // What is not there any more may have gone by the try that got no answer.
            if (isRepeated && method == HttpMethod.Delete && answer.Status == 404) return answer with { Status = 0 };
            if (!answer.IsUnknown || Chronicle.Now > deadline) return answer;
            isRepeated = true;
            await Task.Delay(Pause, stop);
            wire = AnyWire(wire);
        }
    }

    private void LearnEvent(Say say, JsonObject data)
    {
        if (data["response"] is JsonObject response) Learn(say, response);
        if ((string?)data["type"] == "response.output_item.done" && WireItems.Read(data["item"]) is { IsRequest: true } request) asked?.Invoke(say, request.CallId!);
    }

    private void Learn(Say say, JsonObject response)
    {
        (say.Outcome, say.Why) = (Outcome.Ok, null);
        say.Accepted ??= Chronicle.Now;
        say.Response ??= (string?)response["id"];
        say.Status = (string?)response["status"];
        if (say.Status is "completed") say.Answer = WireItems.Answer(response);
        foreach (var callId in WireItems.Asked(response)) asked?.Invoke(say, callId);
    }

    // Another one than the last, if there is.
    private Wire AnyWire(Wire? last = null)
    {
        var choice = wires.Where(wire => wire != last || wires.Count == 1).ToList();
        lock (random) return choice[random.Next(choice.Count)];
    }
}
