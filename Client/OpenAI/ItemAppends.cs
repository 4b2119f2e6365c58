using System.Collections.Immutable;
using Conversations.Client.OpenAI.Errors;
using Conversations.Client.OpenAI.Parsing;
using Conversations.Client.Requests;
using Conversations.Client.Sessions;
using Conversations.History;
using Conversations.Journal.Reading;
using Conversations.Sessions;
using Conversations.Turns;

namespace Conversations.Client.OpenAI;

/// <summary>Appends a caller's items: a turn without a model call, in the same queue under the same policy.</summary>
internal sealed class ItemAppends(
    ISessions sessions, References references, [FromKeyedServices(PatientJournal.Key)] IJournalReader journal, TimeProvider time)
{
    private const int MaxItems = 20;

    /// <summary>Reads the items that go at once.</summary>
    public static ImmutableArray<ItemBody> Read(RequestNode items) => InputItems.ReadItems(items, MaxItems);

    /// <summary>The items themselves in the place of what refers to them; appending does this, too.</summary>
    public Task<ImmutableArray<ItemBody>> ResolveAsync(SessionKey key, ImmutableArray<ItemBody> items, CancellationToken cancellationToken) =>
        references.ResolveAsync(key, items, cancellationToken);

    /// <summary>Appends, and returns the items when they have their places.</summary>
    public async Task<ImmutableArray<Item>> AppendAsync(HttpContext http, SessionKey key, ImmutableArray<ItemBody> items, long? expectedSeq)
    {
        var address = TurnAddress.Within(key, IdempotencyKey.Read(http.Request), time);
        http.AboutTurn(address.Turn);
        items = await references.ResolveAsync(key, items, http.RequestAborted);
        var options = new TurnOptions { NamesSession = true, RequestId = RequestScope.Of(http)?.RequestId };
        var submitted = await SubmitAsync(
            key,
            new TurnRequest
            {
                Id = address.Turn,
                IsFirstTry = address.IsFresh,
                Fingerprint = Fingerprint.Of(items, options, callsModel: false),
                Input = items,
                Options = options,
                CallsModel = false,
                Overlap = OverlapHeader.Read(http.Request.Headers[OverlapHeader.Name]),
                CreatesSession = address.MakesSession,
                ExpectedSeq = expectedSeq,
            },
            http.RequestAborted);
        http.ServedBy(submitted.Silo);
        var ended = await sessions.ResultAsync(key, address.Turn, http.RequestAborted);
        if (ended.Turn.Status != TurnStatus.Completed)
        {
            throw new DialectException(
                409, "conversation_locked", "The items were not appended: a later request took their place. Send them again if they still matter.");
        }

        return await journal.FindTurnAsync(key, ended.Turn.Id, http.RequestAborted) is { } journaled
            ? journaled.Input
            : throw new RefusalException(RefusalCode.SessionNotFound, "The conversation was deleted meanwhile.");
    }

    private async Task<Submitted> SubmitAsync(SessionKey key, TurnRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return await sessions.SubmitAsync(key, request, cancellationToken);
        }
        catch (RefusalException refusal) when (refusal.Code == RefusalCode.Moved)
        {
            var seq = (await journal.FindSessionAsync(key, cancellationToken))?.ItemCount ?? 0;
            throw new DialectException(
                412,
                "conversation_moved",
                $"The conversation's seq is {seq} now, not {request.ExpectedSeq}: read what is new, then send the request again with that.",
                "expected_seq");
        }
    }
}
