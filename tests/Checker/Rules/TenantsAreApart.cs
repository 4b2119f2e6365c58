using Conversations.Checker.Evidence;

namespace Conversations.Checker.Rules;

/// <summary>Nothing that was said in one session shows in another, but in its forks; and nothing of one tenant with another.</summary>
internal sealed class TenantsAreApart() : Rule("I6")
{
    public override IEnumerable<Violation> Judge(Case all)
    {
        foreach (var session in all.Sessions)
        {
            foreach (var text in Foreign(all, session, session.Lineage.Select(item => item.Item))) yield return Violation(session.Name, $"'{text}' of {all.Owners[text].Name} is there.");
            foreach (var read in session.Reads)
            {
                foreach (var text in Foreign(all, session, read.Items)) yield return Violation(session.Name, $"'{text}' of {all.Owners[text].Name} was read by {read.Via}.");
            }
        }

        foreach (var call in all.File.ModelCalls)
        {
            var tenants = Texts(call.Messages).Select(text => all.Owners.GetValueOrDefault(text)?.Tenant).OfType<string>().Distinct().ToList();
            if (tenants.Count > 1) yield return Violation("", $"A model was handed words of {string.Join(" and ", tenants)} together.");
        }
    }

    private static IEnumerable<string> Foreign(Case all, SessionCase session, IEnumerable<Item> items) =>
        Texts(items).Where(text => all.Owners.TryGetValue(text, out var owner) && owner != session && !IsAncestor(all, owner, session));

    private static bool IsAncestor(Case all, SessionCase owner, SessionCase session)
    {
        // As it was asked for: the database's own word is not taken for it.
        var parents = all.File.Operations.OfType<Fork>().Where(fork => fork.Tenant == session.Tenant && fork.Child == session.Session);
        return parents.Any(fork => fork.Tenant == owner.Tenant
            && (fork.Session == owner.Session || all.Sessions.Any(s => s.Tenant == fork.Tenant && s.Session == fork.Session && IsAncestor(all, owner, s))));
    }

    private static IEnumerable<string> Texts(IEnumerable<Item> items) => items.Where(item => item.IsUser).Select(item => item.Text).OfType<string>();
}
