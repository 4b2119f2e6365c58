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
            else if (Difference(call.Messages, Prefix(session, i)) is { } difference) yield return $"'{text}' was not given over what stands before it: {difference}";
        }
    }

    private static List<Item> Prefix(SessionCase session, int end)
    {
        var turn = session.Lineage[end].Turn;
        return [.. session.Lineage.Take(end).Where(item => item.Turn == turn || !session.Superseded.Contains(item.Turn)).Select(item => item.Item)];
    }

    private static string? Difference(IReadOnlyList<Item> handed, List<Item> stored)
    {
        // Results stand behind their calls when a model is handed them; on disk they stand where they came.
        var (said, known) = (WithoutResults(handed), WithoutResults(stored));
        for (var i = 0; i < Math.Max(said.Count, known.Count); i++)
        {
            var (left, right) = (said.ElementAtOrDefault(i), known.ElementAtOrDefault(i));
            if (!IsSame(left, right)) return $"as number {i} it was handed '{left}'; there is '{right}'.";
        }

        var results = Results(stored);
        foreach (var (call, output) in Results(handed))
        {
            if (results.TryGetValue(call, out var there) && there != output) return $"as result of {call} it was handed '{output}'; there is '{there}'.";
        }

        return null;
    }

    // The service may write the arguments of a call anew; their call is the same.
    private static bool IsSame(Item? left, Item? right) => left?.Type == "function_call" ? left.CallId == right?.CallId : left == right;

    private static List<Item> WithoutResults(IEnumerable<Item> items) => [.. items.Where(item => item.Type != "function_call_output")];

    private static Dictionary<string, string?> Results(IEnumerable<Item> items) =>
        items.Where(item => item.Type == "function_call_output").GroupBy(item => item.CallId!).ToDictionary(same => same.Key, same => same.First().Text);
}
