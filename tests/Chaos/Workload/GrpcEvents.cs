using Conversations.Checker.Evidence;
using Conversations.Client.Grpc.V1;
using Grpc.Core;

namespace Conversations.Chaos.Workload;

/// <summary>Reads a turn's events over gRPC, and tells them in the dialect's words.</summary>
internal sealed class GrpcEvents(AsyncServerStreamingCall<Event> call, long? after)
{
    private readonly List<WatchedEvent> _events = [];
    private bool _isWhole;

    /// <summary>All that came on this call.</summary>
    public Watched Watched => new(after, [.. _events], _isWhole);

    /// <summary>The last number that came, or the one after which it began.</summary>
    public long? Last => _events.Count > 0 ? _events[^1].Number : after;

    /// <summary>Reads to the end, or until <paramref name="enough"/> says so.</summary>
    /// <exception cref="RpcException">It was refused, or broke off.</exception>
    public async Task ReadAsync(Action<Turn, IReadOnlyList<Client.Grpc.V1.Item>> onTurn, Action<string> onAsked, Func<int, bool> enough, CancellationToken stop)
    {
        while (await call.ResponseStream.MoveNext(stop))
        {
            Take(call.ResponseStream.Current, onTurn, onAsked);
            if (enough(_events.Count)) return;
        }

        _isWhole = true;
    }

    private void Take(Event next, Action<Turn, IReadOnlyList<Client.Grpc.V1.Item>> onTurn, Action<string> onAsked)
    {
        switch (next.KindCase)
        {
            case Event.KindOneofCase.Accepted:
                Add("response.created", null, null, null);
                onTurn(next.Accepted.Turn, []);
                break;
            case Event.KindOneofCase.Started:
                Add("response.in_progress", null, null, null);
                onTurn(next.Started.Turn, []);
                break;
            case Event.KindOneofCase.ItemAdded:
                Add("response.output_item.added", next.ItemAdded.Item.Id, null, null);
                break;
            case Event.KindOneofCase.Delta when next.Delta.Kind == DeltaKind.Text:
                Add("response.output_text.delta", next.Delta.ItemId, next.Delta.Text, null);
                break;
            case Event.KindOneofCase.ItemDone:
                var item = next.ItemDone.Item;
                var isText = item.BodyCase == Client.Grpc.V1.Item.BodyOneofCase.Message;
                Add("response.output_item.done", item.Id, isText ? GrpcItems.Read(item).Text : null, item.Status == ItemStatus.Completed ? "completed" : "incomplete");
                if (item.BodyCase == Client.Grpc.V1.Item.BodyOneofCase.ApprovalRequest) onAsked(item.ApprovalRequest.CallId);
                break;
            case Event.KindOneofCase.Ended:
                var status = GrpcItems.Status(next.Ended.Turn.Status);
                Add($"response.{(status == "cancelled" ? "incomplete" : status)}", null, null, status);
                onTurn(next.Ended.Turn, next.Ended.Output);
                break;
            default:
                Add(next.KindCase.ToString(), null, null, null);
                break;
        }

        void Add(string type, string? item, string? text, string? status) => _events.Add(new WatchedEvent(next.Number, type, item, text, status));
    }
}
