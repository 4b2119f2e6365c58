using Conversations.Checker.Evidence;

namespace Conversations.Checker.Rules;

/// <summary>Each answer is the model's own, and was given over exactly the items before it.</summary>
internal sealed class AnswersKnowTheirPrefix() : SessionRule("I3")
{
    protected override IEnumerable<string> Broken(SessionCase session)
    {
        for (var i = 0; i < session.Lineage.Count; i++)
        {
            var answer = session.Lineage[i];
            if (!answer.Item.IsAnswer || answer.Item.Text is not { } text) continue;
            if (!session.All.CallsByMark.TryGetValue(text.Split(' ')[0], out var call)) yield return $"Nobody gave the answer '{text}'.";
            else if (!call.Reply.StartsWith(text, StringComparison.Ordinal)) yield return $"'{text}' is not what the model said: '{call.Reply}'.";
            else if (Difference(session, call.Messages, Prefix(session, i)) is { } difference) yield return $"'{text}' was not given over what stands before it: {difference}";
        }
    }

    private static List<Item> Prefix(SessionCase session, int end)
    {
        var turn = session.Lineage[end].Turn;
        return [.. session.Lineage.Take(end).Where(item => item.Turn == turn || !session.Superseded.Contains(item.Turn)).Select(item => item.Item)];
    }

    private static string? Difference(SessionCase session, IReadOnlyList<Item> handed, List<Item> stored)
    {
        // Results stand behind their calls when a model is handed them; on disk they stand where they came.
        var (said, known) = (Spoken(handed), Spoken(stored));
        var differences = Beginnings(known).Select(from => Difference(session, said, known.Skip(from))).ToList();
        if (!differences.Contains(null)) return differences[0];
        var results = Results(stored);
        foreach (var (call, output) in Results(handed))
        {
            if (results.TryGetValue(call, out var there) && there != output) return $"as result of {call} it was handed '{output}'; there is '{there}'.";
        }

        return null;
    }

    private static string? Difference(SessionCase session, List<Item> said, IEnumerable<Item> known)
    {
        var next = 0;
        foreach (var there in known)
        {
            var item = said.ElementAtOrDefault(next);
            // It was handed over before it was erased, or not any more.
            if (there.IsBlank) next += item is not null && session.IsGone(item) ? 1 : 0;
            else if (!IsSame(item, there)) return $"as number {next} it was handed '{item}'; there is '{there}'.";
            else next++;
        }

        return next < said.Count ? $"as number {next} it was handed '{said[next]}'; there is nothing." : null;
    }

    // A model is handed a history from somebody's words on: where the first were erased, what answered them is left out, too.
    private static IEnumerable<int> Beginnings(List<Item> known)
    {
        yield return 0;
        for (var i = 1; i < known.Count && !known[i - 1].IsUser; i++)
        {
            if (known[i].IsUser || known[i].IsBlank) yield return i;
        }
    }

    // The service may write the arguments of a call anew; their call is the same.
    private static bool IsSame(Item? left, Item? right) => left?.Type == "function_call" ? left.CallId == right?.CallId : left == right;

    // Results are compared by themselves; what people are asked and answer is not for the model.
    private static List<Item> Spoken(IEnumerable<Item> items) => [.. items.Where(item => item is { Type: not "function_call_output", IsRequest: false, IsVerdict: false })];

    private static Dictionary<string, string?> Results(IEnumerable<Item> items) =>
        items.Where(item => item.Type == "function_call_output").GroupBy(item => item.CallId!).ToDictionary(same => same.Key, same => same.First().Text);
}
