using System.Collections.Immutable;
using Conversations.History;
using Conversations.Sessions;

namespace Conversations.Client.Sessions;

/// <summary>Approval requests and their answers among the items of a turn that has ended.</summary>
internal static class Approvals
{
    /// <summary>Checks that a call was answered as it is answered now.</summary>
    /// <exception cref="RefusalException">It was answered otherwise, never answered, or no approval was asked.</exception>
    public static void CheckSame(ImmutableArray<Item> output, string callId, bool approve)
    {
        var bodies = output.Select(item => item.Body).ToList();
        if (bodies.OfType<ApprovalResponse>().FirstOrDefault(answer => answer.CallId == callId) is { } given)
        {
            if (given.Approve == approve) return;
            throw new RefusalException(RefusalCode.Invalid, "This call was answered otherwise before.", "approve");
        }

        throw bodies.OfType<ApprovalRequest>().Any(request => request.CallId == callId)
            ? new RefusalException(RefusalCode.Invalid, "The response ended before this call was answered, and the call was not made.", "call_id")
            : new RefusalException(RefusalCode.ItemNotFound, "No approval is asked for a call of this name.", "call_id");
    }
}
