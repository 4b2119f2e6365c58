using Conversations.History;

namespace Conversations.Grains.Turns;

/// <summary>Answers of people that a running turn has not taken yet. Used on the session's thread alone.</summary>
internal sealed class ApprovalInbox
{
    private readonly List<ApprovalResponse> _waiting = [];
    private TaskCompletionSource _arrived = New();

    /// <summary>Whether nothing waits.</summary>
    public bool IsEmpty => _waiting.Count == 0;

    /// <summary>Ends when there is an answer to take.</summary>
    public Task Arrived => _arrived.Task;

    /// <summary>Leaves an answer; the first one to a call counts.</summary>
    public void Add(ApprovalResponse answer)
    {
        if (_waiting.Exists(a => a.CallId == answer.CallId)) return;
        _waiting.Add(answer);
        _arrived.TrySetResult();
    }

    /// <summary>Takes all there are.</summary>
    public IReadOnlyList<ApprovalResponse> Take()
    {
        if (_waiting.Count == 0) return [];
        ApprovalResponse[] taken = [.. _waiting];
        _waiting.Clear();
        _arrived = New();
        return taken;
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
