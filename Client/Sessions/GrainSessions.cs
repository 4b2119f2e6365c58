using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Conversations.History;
using Conversations.Journal.Reading;
using Conversations.Journal.Replay;
using Conversations.Sessions;
using Conversations.Turns;

namespace Conversations.Client.Sessions;

/// <summary>Finds the grain of a session.</summary>
internal delegate ISessionGrain SessionGrains(SessionKey key);

/// <summary>The names of the agents that there are.</summary>
internal delegate Task<ImmutableArray<string>> AgentNames(CancellationToken cancellationToken);

/// <inheritdoc cref="ISessions"/>
internal sealed class GrainSessions(SessionGrains grains, IJournalReader journal, ISessionEventReader events, PatientCalls calls) : ISessions
{
    // A write is never cancelled by its caller's leaving: the caller gives up waiting, not the wish.
    public Task<Submitted> SubmitAsync(SessionKey key, TurnRequest request, CancellationToken cancellationToken) => calls.SendAsync(
        tries => grains(key).SubmitAsync(tries == 0 ? request : request with { IsFirstTry = false }, CancellationToken.None), cancellationToken);

    public async IAsyncEnumerable<TurnEvent> FollowAsync(
        SessionKey key, TurnId turn, int after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var shown = new ShownStream(after);
        for (var idle = 0; ;)
        {
            var batch = await calls.WaitAsync(() => grains(key).WatchAsync(turn, shown.Last, cancellationToken), cancellationToken);
            foreach (var next in batch.Events.SelectMany(shown.Show)) yield return next;
            if (shown.HasEnded) yield break;
            if (batch.State == BatchState.More)
            {
                idle = 0;
                continue;
            }

            var found = await calls.WaitAsync(() => FindAsync(key, turn, cancellationToken), cancellationToken);
            if (found.Turn.MergedInto is { } survivor)
            {
                turn = survivor;
                continue;
            }

            // A name that was merged is known to the journal; to the next activation only the survivor's is.
            turn = found.Turn.Id;
            foreach (var next in TurnReplay.Journaled(found.Turn, found.Output).SelectMany(shown.Show)) yield return next;
            if (found.Turn.Status.IsTerminal()) yield break;
            await WakeAsync(key, idle++, cancellationToken);
        }
    }

    public IAsyncEnumerable<SessionEvent> FollowSessionAsync(SessionKey key, SessionCursor after, CancellationToken cancellationToken) =>
        new SessionStream(
            place => calls.WaitAsync(() => events.ReadAsync(key, place, cancellationToken), cancellationToken),
            version => calls.WaitAsync(() => grains(key).WaitForVersionAsync(version, cancellationToken), cancellationToken),
            (turn, last) => FollowAsync(key, turn, last, cancellationToken)).AfterAsync(after, cancellationToken);

    public async Task<TurnResult> ResultAsync(SessionKey key, TurnId turn, CancellationToken cancellationToken)
    {
        for (var idle = 0; ;)
        {
            var batch = await calls.WaitAsync(() => grains(key).WaitAsync(turn, cancellationToken), cancellationToken);
            if (batch.State == BatchState.Ended && batch.Events is [.., TurnEnded ended]) return new TurnResult(ended.Turn, ended.Output);

            // It is in memory no longer; or it takes its time, and may be parked: that is on disk, and a session does not say it.
            var found = await calls.WaitAsync(() => FindAsync(key, turn, cancellationToken), cancellationToken);
            turn = found.Turn.MergedInto ?? found.Turn.Id;
            if (found.Turn.MergedInto is not null) continue;
            if (found.Turn.Parked || found.Turn.Status.IsTerminal()) return new TurnResult(found.Turn, found.Output);
            else if (batch.State == BatchState.More) idle = 0;
            else await WakeAsync(key, idle++, cancellationToken);
        }
    }

    public async Task<JournaledTurn> CancelAsync(SessionKey key, TurnId turn, CancellationToken cancellationToken)
    {
        for (var tries = 0; ; tries++)
        {
            await calls.SendAsync(_ => grains(key).CancelAsync(turn, CancellationToken.None), cancellationToken);
            var found = await calls.SendAsync(_ => FindAsync(key, turn, cancellationToken), cancellationToken);
            if (found.Turn.Status.IsTerminal()) return found;
            // An activation that does not know of it yet.
            await WakeAsync(key, tries, cancellationToken);
        }
    }

    public Task DeleteTurnAsync(SessionKey key, TurnId turn, CancellationToken cancellationToken) => calls.SendAsync(
        async _ =>
        {
            await grains(key).DeleteTurnAsync(turn, CancellationToken.None);
            return true;
        },
        cancellationToken);

    public async Task<JournaledTurn> ResolveAsync(
        SessionKey key, TurnId turn, string callId, bool approve, string? reason, CancellationToken cancellationToken)
    {
        await calls.SendAsync(_ => grains(key).ResolveAsync(turn, callId, approve, reason, CancellationToken.None), cancellationToken);
        return await calls.SendAsync(_ => FindAsync(key, turn, cancellationToken), cancellationToken);
    }

    public void Delivered(SessionKey key, TurnId turn) => grains(key).DeliveredAsync(turn).Ignore();

    public async Task<Session> CreateOrGetAsync(
        SessionKey key, ImmutableSortedDictionary<string, string> metadata, string? wish, CancellationToken cancellationToken)
    {
        var seen = await SeeAsync(key, cancellationToken);
        return await calls.SendAsync(_ => grains(key).CreateOrGetAsync(metadata, wish, seen, CancellationToken.None), cancellationToken);
    }

    public async Task<Session> ForkAsync(
        SessionKey key, ForkFrom from, ImmutableSortedDictionary<string, string> metadata, string? wish, CancellationToken cancellationToken)
    {
        var seen = await SeeAsync(key, cancellationToken);
        return await calls.SendAsync(_ => grains(key).ForkAsync(from, metadata, wish, seen, CancellationToken.None), cancellationToken);
    }

    public async Task<Session> SetMetadataAsync(
        SessionKey key, ImmutableSortedDictionary<string, string> metadata, CancellationToken cancellationToken)
    {
        var seen = await SeeAsync(key, cancellationToken);
        return await calls.SendAsync(_ => grains(key).SetMetadataAsync(metadata, seen, CancellationToken.None), cancellationToken);
    }

    public async Task<string?> DeleteAsync(SessionKey key, CancellationToken cancellationToken)
    {
        var seen = await SeeAsync(key, cancellationToken);
        return await calls.SendAsync(
            async tries =>
            {
                try
                {
                    return (await grains(key).DeleteAsync(seen, CancellationToken.None)).Silo;
                }
                catch (RefusalException refusal) when (tries > 0 && refusal.Code == RefusalCode.SessionNotFound)
                {
                    // An earlier try, whose answer was lost, did it.
                    return null;
                }
            },
            cancellationToken);
    }

    public Task LetGoAsync(SessionKey key, CancellationToken cancellationToken) =>
        calls.SendAsync(_ => grains(key).ExpireAsync(null, CancellationToken.None), cancellationToken);

    public Task<Session> EraseItemAsync(SessionKey key, ItemId item, CancellationToken cancellationToken) => calls.SendAsync(
        async tries =>
        {
            try
            {
                return await grains(key).EraseItemAsync(item, CancellationToken.None);
            }
            catch (RefusalException refusal) when (tries > 0 && refusal.Code == RefusalCode.ItemNotFound)
            {
                // As above, or it was never there: the journal knows which.
                if (await journal.FindItemAsync(key, item, cancellationToken) is null) throw;
                return await journal.FindSessionAsync(key, cancellationToken)
                    ?? throw new RefusalException(RefusalCode.SessionNotFound, "There is no such session.");
            }
        },
        cancellationToken);

    // Once for all tries: a turn has an id by which a second one is known, and these have only what was there before the first.
    private Task<SessionMark> SeeAsync(SessionKey key, CancellationToken cancellationToken) =>
        calls.SendAsync(_ => journal.FindMarkAsync(key, cancellationToken), cancellationToken);

    private async Task<JournaledTurn> FindAsync(SessionKey key, TurnId turn, CancellationToken cancellationToken) =>
        await journal.FindTurnAsync(key, turn, cancellationToken)
            ?? throw new RefusalException(RefusalCode.TurnNotFound, "There is no such response; if there was, its conversation has been deleted.");

    // The activation that had the turn went just now.
    private async Task WakeAsync(SessionKey key, int tries, CancellationToken cancellationToken)
    {
        await calls.PauseAsync(tries, cancellationToken);
        await calls.WaitAsync(
            async () =>
            {
                await grains(key).WakeAsync();
                return true;
            },
            cancellationToken);
    }
}
