using Conversations.Grains.Agents;
using Conversations.Grains.Agents.Demo;
using Conversations.Grains.Sessions;
using Conversations.Grains.Tools;
using Conversations.Grains.Turns;
using Conversations.History;
using Conversations.Journal.Rows;
using Conversations.Sessions;
using Conversations.Turns;
using CsCheck;
using Microsoft.SemanticKernel;
using Microsoft.SemanticKernel.ChatCompletion;

namespace Conversations.Unit.Tests.Grains.Sessions;

/// <summary>The state machine against a model of the tables, with a crash between any two steps.</summary>
public sealed class SessionStateTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private static readonly Agent Demo = new("demo", new AgentOptions(), new DemoChat(TimeSpan.Zero, TimeProvider.System), ToolGrant.None);

    private static readonly Agent Compacting = new("compact", new AgentOptions { CompactAfterItems = 4 }, Demo.Chat, ToolGrant.None);

    private enum Step
    {
        Submit,
        Start,
        Say,
        Call,
        Answer,
        Compact,
        Complete,
        Cancel,
        CancelQueued,
        MoveWindow,
        Flush,
        FlushAndCrash,
        CrashInFlush,
        Crash,
    }

    [Fact]
    public void Session_UnderAnyStepsAndCrashes_KeepsWhatWasAcknowledgedOnceAndInOrder() =>
        Gen.Select(Gen.Enum<Step>(), Gen.Int[0, 6]).Array[1, 80].Sample(steps =>
        {
            var run = new Run();
            foreach (var (step, number) in steps) run.Do(step, number);
            run.Finish();
        }, iter: 4_000);

    private sealed class Run
    {
        private readonly JournalModel _journal = new();
        private readonly HashSet<TurnId> _acknowledged = [];
        private readonly List<TurnId> _sinceFlush = [];
        private SessionState _state = new();
        private int _events;

        public void Do(Step step, int number)
        {
            switch (step)
            {
                case Step.Submit:
                    Submit((OverlapKind)number);
                    break;
                case Step.Start:
                    _state.StartNext(Now);
                    break;
                case Step.Say when _state.Running is { } turn:
                    Append(turn, new Message(Role.Assistant, [new OutputText($"{number}")]));
                    break;
                case Step.Call when _state.Running is { } turn:
                    Append(turn, new FunctionCall($"call_{number}_{_events}", "f", "{}"));
                    break;
                case Step.Answer when _state.Running is { } turn && SessionState.OpenCalls(turn).FirstOrDefault() is { } call:
                    Append(turn, new FunctionCallOutput(call.CallId, "ok"));
                    break;
                case Step.Compact when _state.Running is { } turn && ContextWindow.CompactThrough(_state.Window, Compacting, turn.Turn.FirstSeq!.Value) is { } through:
                    Append(turn, new Compaction("so far", through));
                    break;
                case Step.Complete when _state.Running is { } turn:
                    End(turn, TurnStatus.Completed);
                    break;
                case Step.Cancel when _state.Running is { } turn:
                    if (number % 2 == 0) _state.Supersede(turn);
                    End(turn, TurnStatus.Cancelled);
                    break;
                case Step.CancelQueued when _state.Unfinished is [.., { Turn.Status: TurnStatus.Queued } newest]:
                    _state.End(newest, TurnStatus.Cancelled, Now);
                    break;
                case Step.MoveWindow:
                    _state.MoveWindow(Math.Max(0, _state.ItemCount - number));
                    break;
                case Step.Flush:
                    Flush(crash: false, arrives: true);
                    break;
                case Step.FlushAndCrash:
                    Flush(crash: true, arrives: true);
                    break;
                case Step.CrashInFlush:
                    Flush(crash: true, arrives: number % 2 == 0);
                    break;
                case Step.Crash:
                    Load();
                    break;
            }

            _journal.Check();
            CheckHistory();
        }

        public void Finish()
        {
            Load();
            while (_state.Unfinished.Count > 0)
            {
                _state.StartNext(Now);
                End(_state.Running!, TurnStatus.Completed);
                Flush(crash: false, arrives: true);
                _journal.Check();
            }

            // I1: what was acknowledged is there, and it ended.
            Assert.All(_acknowledged, id => Assert.True(((TurnStatus)_journal.Turns[id.Value].Status).IsTerminal()));
        }

        private void Submit(OverlapKind kind)
        {
            var request = new TurnRequest
            {
                Id = new TurnId(Guid.NewGuid()),
                Fingerprint = new byte[] { 1 },
                Input = [new Message(Role.User, [new InputText("hi")])],
                Options = new TurnOptions(),
                CreatesSession = true,
            };
            try
            {
                var overlap = Overlap.Decide(new OverlapPolicy(kind, TimeSpan.Zero), _state.Unfinished, request, null, Now, TimeSpan.FromSeconds(30));
                _state.Create(Now);
                foreach (var dropped in overlap.Dropped) _state.End(dropped, TurnStatus.Cancelled, Now, reason: "superseded");
                if (overlap.Stop != StopWish.None && _state.Running is { } running) _state.Wish(running, overlap.Stop);
                if (overlap.MergeInto is { } survivor) _state.Merge(survivor, request, Now, overlap.DueAt);
                else _state.Enqueue(request, request.Options, Now, overlap.DueAt);
                _sinceFlush.Add(request.Id);
            }
            catch (RefusalException)
            {
                Assert.Equal(OverlapKind.Reject, kind);
                Assert.NotEmpty(_state.Unfinished);
            }
        }

        private void Append(ActiveTurn turn, ItemBody body) => _state.AppendOutput(turn, body, ItemStatus.Completed, new Emission(_events++, DeltaLengths.None));

        // As the engine ends a turn: every call gets an output.
        private void End(ActiveTurn turn, TurnStatus status)
        {
            foreach (var call in SessionState.OpenCalls(turn).ToList()) Append(turn, new FunctionCallOutput(call.CallId, "stopped"));
            _state.End(turn, status, Now);
        }

        private void Flush(bool crash, bool arrives)
        {
            if (_state.IsDirty)
            {
                _state.BeginFlush();
                // Through the bytes that the database gets.
                if (arrives) _journal.Apply(Reread(_state.Flushing));
                _state.EndFlush();
            }

            if (!crash) _acknowledged.UnionWith(_sinceFlush);
            if (crash) Load();
            _sinceFlush.Clear();
        }

        private void Load()
        {
            _sinceFlush.Clear();
            _state = _journal.Snapshot() is { } snapshot ? SessionState.From(snapshot) : new SessionState();
            if (_state.Running is { } running) _state.Retry(running, Now);
        }

        // I9: whatever happened, a model can be called with what there is.
        private void CheckHistory()
        {
            CheckHistory(ModelHistory.Build(Demo, new TurnOptions(), _state.Window));
            for (var items = 1; items < 8; items++)
            {
                CheckHistory(ModelHistory.Build(Demo, new TurnOptions(), ContextWindow.Newest(_state.Window, new ContextSize(items, null, null))));
            }
        }

        private static void CheckHistory(ChatHistory history)
        {
            for (var i = 0; i < history.Count; i++)
            {
                var calls = history[i].Items.OfType<FunctionCallContent>().Select(c => c.Id).ToList();
                var results = history.Skip(i + 1).TakeWhile(m => m.Role == AuthorRole.Tool).SelectMany(m => m.Items.OfType<FunctionResultContent>()).Select(r => r.CallId).ToList();
                if (calls.Count > 0) Assert.Equal(calls, results);
                if (history[i].Role == AuthorRole.Tool) Assert.True(i > 0 && history[i - 1].Role != AuthorRole.User, "An output without its call.");
            }
        }

        private static SessionDelta Reread(SessionDelta delta)
        {
            var json = JournalJson.Write(delta);
            return System.Text.Json.JsonSerializer.Deserialize(json, JournalJsonContext.Default.SessionDelta)!;
        }
    }
}
