using Conversations.Checker.Evidence;

namespace Conversations.Checker;

/// <summary>The evidence about one session.</summary>
internal sealed class SessionCase
{
    private readonly HashSet<string> _names;

    public SessionCase(Case all, string tenant, string session, Dictionary<(string Tenant, string Session), StoredSession> stored)
    {
        (All, Tenant, Session) = (all, tenant, session);
        Stored = stored.GetValueOrDefault((tenant, session));
        Operations = [.. all.File.Operations.Where(o => o.Tenant == tenant && o.Session == session)];
        Lineage = Stored is null or { IsDeleted: true } ? [] : LineageOf(Stored, stored);
        _names = [.. Lineage.Select(item => item.Item.Name).OfType<string>()];
        Superseded = [];
        for (var from = Stored; from is not null; from = from.Parent is { } name ? stored.GetValueOrDefault((tenant, name)) : null)
            Superseded.UnionWith(from.Turns.Where(turn => turn.IsSuperseded).Select(turn => turn.Turn));
    }

    public Case All { get; }

    public string Tenant { get; }

    public string Session { get; }

    public string Name => $"{Tenant}/{Session}";

    public StoredSession? Stored { get; }

    public IReadOnlyList<Operation> Operations { get; }

    public IEnumerable<Say> Says => Operations.OfType<Say>();

    public IEnumerable<Read> Reads => Operations.OfType<Read>().Where(read => read.Outcome == Outcome.Ok);

    /// <summary>Every item of the session in its order, what it inherited and what was taken back included.</summary>
    public IReadOnlyList<StoredItem> Lineage { get; }

    /// <summary>The turns that were taken back.</summary>
    public HashSet<string> Superseded { get; }

    /// <summary>What each request brought, with the time from which it was known to be accepted.</summary>
    public IEnumerable<(Operation Operation, string Text, long? Accepted)> Said()
    {
        foreach (var operation in Operations)
        {
            if (operation is Say say) yield return (say, say.Text, say.Accepted);
            if (operation is not Append append) continue;
            foreach (var text in append.Texts) yield return (append, text, append.Outcome == Outcome.Ok ? append.Ended : null);
        }
    }

    /// <summary>Whether somebody may have erased this by then.</summary>
    public bool MayBeErased(string name, long by = long.MaxValue) => All.Erasures[name].Any(erase => erase.Began <= by);

    /// <summary>Whether of this item a blank alone may be left.</summary>
    public bool IsGone(Item item) => item.Name is { } name && MayBeErased(name) && !_names.Contains(name);

    /// <summary>Where in the lineage that was said, if it is there.</summary>
    public StoredItem? Find(string text) => Lineage.FirstOrDefault(item => item.Item.IsUser && item.Item.Text == text);

    /// <summary>Whether a deletion may have taken what was there at that time, or later.</summary>
    public bool MayBeDeletedAfter(long time) =>
        Operations.OfType<Delete>().Any(delete => delete.Outcome == Outcome.Unknown || (delete.Outcome == Outcome.Ok && delete.Ended >= time));

    /// <summary>Whether somebody may have ended this turn before it began.</summary>
    public bool MayBeCancelled(Say say) =>
        Operations.OfType<Cancel>().Any(cancel => cancel.Outcome != Outcome.Refused && (cancel.Response == say.Response || MayBeMerged(cancel.Response)))
        || Says.Any(other => other != say && other.Outcome != Outcome.Refused && other.Policy is "interrupt" or "rollback" or "latest");

    // What is merged goes by the name of what it is merged into, which the other wire spells otherwise.
    private bool MayBeMerged(string response) => Says.Any(other => other.Response == response && other.Policy is "merge" or "debounce");

    private static List<StoredItem> LineageOf(StoredSession session, Dictionary<(string Tenant, string Session), StoredSession> stored)
    {
        if (session.Parent is not { } name || !stored.TryGetValue((session.Tenant, name), out var parent)) return [.. session.Items];
        return [.. LineageOf(parent, stored).Where(item => item.Seq < session.ParentSeq), .. session.Items];
    }
}
