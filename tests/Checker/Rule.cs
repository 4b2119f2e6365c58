namespace Conversations.Checker;

/// <summary>One thing that must hold, whatever failed.</summary>
internal abstract class Rule(string invariant)
{
    /// <summary>All that breaks it.</summary>
    public abstract IEnumerable<Violation> Judge(Case all);

    protected Violation Violation(string session, string what) => new(GetType().Name, invariant, session, what);
}

/// <summary>One thing that must hold of every session.</summary>
internal abstract class SessionRule(string invariant) : Rule(invariant)
{
    public sealed override IEnumerable<Violation> Judge(Case all) =>
        all.Sessions.SelectMany(session => Broken(session).Select(what => Violation(session.Name, what)));

    /// <summary>Whatever breaks it in one session, a sentence each.</summary>
    protected abstract IEnumerable<string> Broken(SessionCase session);
}
