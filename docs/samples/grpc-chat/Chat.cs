using Conversations.Client.Grpc.V1;
using Google.Rpc;
using Grpc.Core;

namespace Conversations.GrpcChat;

/// <summary>Says something in a session and shows the answer as it comes, over lost connections, until it ends or the patience does.</summary>
internal sealed class Chat(
    Client.Grpc.V1.Conversations.ConversationsClient client, string key, string session, TimeSpan patience, TextWriter output, TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    private readonly Metadata _headers = new() { { "authorization", $"Bearer {key}" } };
    private volatile string? _turn;

    public async Task SayAsync(string text)
    {
        // The key makes it one turn, however often it has to be sent.
        var wish = new TurnRequest { SessionId = session, IdempotencyKey = Guid.NewGuid().ToString(), Input = { Said(text) } };
        var options = new CallOptions(_headers, time.GetUtcNow().Add(patience).UtcDateTime);
        try
        {
            var shown = -1;
            while (true)
            {
                // Until the first event came nobody knows whether it was accepted; from then on the turn is watched from where it was left.
                using var call = _turn is null
                    ? client.Run(wish, options)
                    : client.Watch(new WatchRequest { SessionId = session, TurnId = _turn, After = shown }, options);
                try
                {
                    await foreach (var next in call.ResponseStream.ReadAllAsync())
                    {
                        shown = next.Number;
                        await ShowAsync(next);
                    }

                    return;
                }
                catch (RpcException lost) when (lost.StatusCode is StatusCode.Unavailable)
                {
                    await Task.Delay(lost.GetRpcStatus()?.GetDetail<RetryInfo>()?.RetryDelay.ToTimeSpan() ?? Pause, time);
                }
            }
        }
        catch (RpcException late) when (late.StatusCode == StatusCode.DeadlineExceeded)
        {
            await output.WriteLineAsync($" [no end within {patience.TotalSeconds} s; the turn {_turn} runs on]");
        }
        catch (RpcException refused)
        {
            var reason = refused.GetRpcStatus()?.GetDetail<ErrorInfo>()?.Reason ?? refused.StatusCode.ToString();
            await output.WriteLineAsync($"[{reason}: {refused.Status.Detail}]");
        }
        finally
        {
            _turn = null;
        }
    }

    /// <summary>Cancels the turn that runs.</summary>
    /// <returns>False: none does.</returns>
    public bool TryCancel()
    {
        if (_turn is not { } turn) return false;
        try
        {
            // What was said until then stays; the stream that is being shown ends by itself.
            client.Cancel(new CancelRequest { SessionId = session, TurnId = turn }, new CallOptions(_headers, time.GetUtcNow().Add(patience).UtcDateTime));
        }
        catch (RpcException fault)
        {
            output.Write($" [not cancelled, try again: {fault.Status.Detail}] ");
        }

        return true;
    }

    private async Task ShowAsync(Event next)
    {
        switch (next.KindCase)
        {
            case Event.KindOneofCase.Accepted:
                _turn = next.Accepted.Turn.Id;
                break;
            case Event.KindOneofCase.AttemptStarted:
                await output.WriteAsync($" [goes on at {next.Silo}] ");
                break;
            case Event.KindOneofCase.Delta when next.Delta.Kind is DeltaKind.Text or DeltaKind.Refusal:
                await output.WriteAsync(next.Delta.Text);
                break;
            case Event.KindOneofCase.Ended:
                var turn = next.Ended.Turn;
                await output.WriteLineAsync(turn.Status switch
                {
                    TurnStatus.Completed => "",
                    TurnStatus.Failed => $" [failed: {turn.Error.Message}]",
                    _ => $" [{turn.Status.ToString().ToLowerInvariant()}: {turn.Reason}]",
                });
                break;
        }
    }

    private static InputItem Said(string text) => new()
    {
        Message = new Message { Role = Role.User, Content = { new ContentPart { InputText = new InputText { Text = text } } } },
    };
}
