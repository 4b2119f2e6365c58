using Conversations.Agents;
using Conversations.Client.Requests;
using Conversations.Client.Sessions;
using Conversations.Sessions;
using Grpc.Core;

namespace Conversations.Client.Grpc;

/// <summary>Asks about turns without making them. Nothing is stored.</summary>
internal sealed class GrpcDrafts(IDrafts drafts, References references)
{
    /// <summary>How many tokens the model would be handed.</summary>
    public async Task<V1.CountTokensResponse> CountAsync(V1.DraftRequest request, ServerCallContext context)
    {
        var wish = GrpcRequests.Read(context.Tenant(), request);
        return new V1.CountTokensResponse { InputTokens = await AskAsync(wish, draft => drafts.CountAsync(draft, context.CancellationToken), context.CancellationToken) };
    }

    /// <summary>What the history comes to when a model summarises it.</summary>
    public async Task<V1.CompactResponse> CompactAsync(V1.DraftRequest request, ServerCallContext context)
    {
        var wish = GrpcRequests.Read(context.Tenant(), request);
        if (wish is { Input.IsEmpty: true, Session: null, Previous: null })
        {
            throw new RefusalException(RefusalCode.Invalid, "There is nothing to compact: send 'input', or name a session or a previous turn.", "input");
        }

        var compacted = await AskAsync(wish, draft => drafts.CompactAsync(draft, context.CancellationToken), context.CancellationToken);
        if (compacted.Error is { } error) throw GrpcRefusals.Write(error);
        var answer = new V1.CompactResponse { Usage = GrpcTurns.Write(compacted.Usage) };
        answer.Output.AddRange(compacted.Kept.Select(said => new V1.InputItem { Message = GrpcItems.Write(said) }));
        answer.Output.Add(new V1.InputItem { Compaction = new() { Summary = compacted.Summary.Summary } });
        return answer;
    }

    private async Task<T> AskAsync<T>(TurnWish wish, Func<Draft, Task<T>> ask, CancellationToken cancellationToken)
    {
        try
        {
            return await ask((await references.ResolveAsync(wish, cancellationToken)).AsDraft());
        }
        catch (RefusalException refusal) when (wish.Previous is not null)
        {
            throw GrpcRequests.OfPrevious(refusal);
        }
    }
}
