using Conversations.Checker.Evidence;

namespace Conversations.Checker;

/// <summary>The evidence, in the order in which it is asked for.</summary>
internal sealed class Case
{
    public Case(CaseFile file)
    {
        File = file;
        CallsByMark = file.ModelCalls.GroupBy(call => call.Mark).ToDictionary(calls => calls.Key, calls => calls.First());
        Handed = [.. file.ModelCalls.SelectMany(call => call.Messages).Where(m => m.IsUser && m.Text is not null).Select(m => m.Text!)];
        KeptMarks = [.. file.Stored.SelectMany(session => session.Items).Where(item => item.Item is { IsAnswer: true, Text: not null }).Select(item => item.Item.Text!.Split(' ')[0])];
        Erasures = file.Operations.OfType<Erase>().Where(erase => erase.Outcome != Outcome.Refused).ToLookup(erase => erase.Item.Name);
        var stored = file.Stored.ToDictionary(session => (session.Tenant, session.Session));
        // A name with a slash is no caller's: it keeps what forks inherited of a session that was erased.
        var names = file.Operations.Select(o => (o.Tenant, o.Session)).Concat(stored.Keys.Where(key => !key.Session.Contains('/'))).Distinct();
        Sessions = [.. names.Select(name => new SessionCase(this, name.Tenant, name.Session, stored))];
        Owners = [];
        foreach (var session in Sessions)
        {
            foreach (var (_, text, _) in session.Said()) Owners[text] = session;
        }
    }

    public CaseFile File { get; }

    public IReadOnlyList<SessionCase> Sessions { get; }

    /// <summary>The model's calls by the word that their answers begin with.</summary>
    public IReadOnlyDictionary<string, ModelCall> CallsByMark { get; }

    /// <summary>The words that begin those of their answers that are kept.</summary>
    public HashSet<string> KeptMarks { get; }

    /// <summary>What was erased, or may have been, by the item's name.</summary>
    public ILookup<string?, Erase> Erasures { get; }

    /// <summary>Whatever users said that a model was handed.</summary>
    public HashSet<string> Handed { get; }

    /// <summary>Where each thing was said.</summary>
    public Dictionary<string, SessionCase> Owners { get; }
}
