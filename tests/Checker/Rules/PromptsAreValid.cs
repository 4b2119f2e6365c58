using Conversations.Checker.Evidence;

namespace Conversations.Checker.Rules;

/// <summary>Whatever a model was handed, each call in it has its result right behind it, and no result stands alone.</summary>
internal sealed class PromptsAreValid() : Rule("I9")
{
    public override IEnumerable<Violation> Judge(Case all) => all.File.ModelCalls.SelectMany(Broken).Select(what => Violation("", what));

    private static IEnumerable<string> Broken(ModelCall call)
    {
        var open = new HashSet<string>();
        foreach (var message in call.Messages)
        {
            switch (message.Type)
            {
                case "function_call":
                    if (!open.Add(message.CallId!)) yield return $"{call.Mark} was handed {message.CallId} twice.";
                    break;
                case "function_call_output":
                    if (!open.Remove(message.CallId!)) yield return $"{call.Mark} was handed a result of {message.CallId} without its call.";
                    break;
                default:
                    if (open.Count > 0) yield return $"{call.Mark} was handed {string.Join(", ", open)} without a result.";
                    open.Clear();
                    break;
            }
        }

        if (open.Count > 0) yield return $"{call.Mark} was handed {string.Join(", ", open)} without a result.";
    }
}
