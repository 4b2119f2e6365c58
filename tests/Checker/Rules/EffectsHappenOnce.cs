namespace Conversations.Checker.Rules;

/// <summary>A tool takes effect at most once for a call, and only for calls that are on disk.</summary>
internal sealed class EffectsHappenOnce() : Rule("I7")
{
    public override IEnumerable<Violation> Judge(Case all)
    {
        var calls = all.File.Stored.SelectMany(session => session.Items).Where(item => item.Item.Type == "function_call").Select(item => item.Item.CallId).ToHashSet();
        var anyDeleted = all.File.Operations.OfType<Evidence.Delete>().Any();
        foreach (var effects in all.File.Effects.GroupBy(effect => effect.CallId))
        {
            if (effects.Count() > 1) yield return Violation("", $"{effects.First().Tool} took effect {effects.Count()} times for {effects.Key}.");
            if (!anyDeleted && !calls.Contains(effects.Key) && !all.Erasures[effects.Key].Any()) yield return Violation("", $"{effects.First().Tool} took effect for {effects.Key}, which is nowhere.");
        }
    }
}
