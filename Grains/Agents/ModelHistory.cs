using System.Text.Json;
using Conversations.History;
using Conversations.Turns;
using Microsoft.SemanticKernel;
using Microsoft.SemanticKernel.ChatCompletion;

namespace Conversations.Grains.Agents;

/// <summary>
/// The history as a model takes it. Whatever happened before, it is valid: every function call has its output right behind it, and
/// no output stands alone.
/// </summary>
internal static class ModelHistory
{
    public static ChatHistory Build(Agent agent, TurnOptions options, IReadOnlyList<Item> window)
    {
        var history = new ChatHistory();
        if ((options.Instructions ?? agent.Options.Instructions) is { Length: > 0 } instructions) history.AddSystemMessage(instructions);
        var outputs = new Dictionary<string, Queue<(long Seq, string Output)>>(StringComparer.Ordinal);
        foreach (var item in window)
        {
            if (item.Body is not FunctionCallOutput output) continue;
            if (!outputs.TryGetValue(output.CallId, out var queue)) outputs.Add(output.CallId, queue = new Queue<(long, string)>());
            queue.Enqueue((item.Seq, output.Output));
        }

        var from = LastCompaction(window);
        for (var i = from; i < window.Count; i++)
        {
            switch (window[i].Body)
            {
                case Compaction compaction:
                    history.AddSystemMessage(compaction.Summary);
                    break;
                case Message message:
                    history.Add(Say(message));
                    break;
                case FunctionCall call:
                    AddCall(history, call, joins: i > from && window[i - 1].Body is FunctionCall);
                    history.Add(Result(call, OutputOf(call, window[i].Seq, outputs)));
                    break;
            }
        }

        return history;
    }

    // Some providers name their calls anew in every reply: a call's output is the first of its name that comes after it.
    private static string? OutputOf(FunctionCall call, long seq, Dictionary<string, Queue<(long Seq, string Output)>> outputs)
    {
        if (!outputs.TryGetValue(call.CallId, out var queue)) return null;
        while (queue.TryDequeue(out var next))
        {
            if (next.Seq > seq) return next.Output;
        }

        return null;
    }

    private static int LastCompaction(IReadOnlyList<Item> window)
    {
        for (var i = window.Count - 1; i >= 0; i--)
        {
            if (window[i].Body is Compaction) return i;
        }

        return 0;
    }

    // Calls that came together stand in one message, with their results behind it.
    private static void AddCall(ChatHistory history, FunctionCall call, bool joins)
    {
        var content = new FunctionCallContent(call.Name, id: call.CallId, arguments: Arguments(call.Arguments));
        if (joins && history.LastOrDefault(m => m.Role == AuthorRole.Assistant) is { } asked)
        {
            asked.Items.Add(content);
            return;
        }

        history.Add(new ChatMessageContent(AuthorRole.Assistant, [content]));
    }

    // What a model wrote may be no JSON object; it is handed back as one all the same.
    private static KernelArguments Arguments(string json)
    {
        try
        {
            return new KernelArguments(JsonSerializer.Deserialize<Dictionary<string, object?>>(json) ?? []);
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            // No object, or names that differ only in case, which the kernel cannot tell apart.
            return new KernelArguments { ["arguments"] = json };
        }
    }

    private static ChatMessageContent Result(FunctionCall call, string? output) => new(
        AuthorRole.Tool, [new FunctionResultContent(call.Name, callId: call.CallId, result: output ?? "No result: the call was interrupted.")]);

    private static ChatMessageContent Say(Message message)
    {
        var role = message.Role switch
        {
            Role.User => AuthorRole.User,
            Role.Assistant => AuthorRole.Assistant,
            Role.Developer => AuthorRole.Developer,
            _ => AuthorRole.System,
        };
        var items = new ChatMessageContentItemCollection();
        foreach (var part in message.Content)
        {
            switch (part)
            {
                case InputText text:
                    items.Add(new TextContent(text.Text));
                    break;
                case OutputText text:
                    items.Add(new TextContent(text.Text));
                    break;
                case RefusalText text:
                    items.Add(new TextContent(text.Refusal));
                    break;
                case InputImage image:
                    items.Add(Show(image));
                    break;
                case InputFile file:
                    items.Add(new TextContent($"[a file that cannot be shown: {file.Filename ?? file.FileId ?? file.FileUrl ?? "without a name"}]"));
                    break;
            }
        }

        return new ChatMessageContent(role, items);
    }

    // What was stored must never keep a session from its next turn: an address that is none is said to be one.
    private static KernelContent Show(InputImage image)
    {
        try
        {
            if (image.ImageUrl is { } data && data.StartsWith("data:", StringComparison.Ordinal)) return new ImageContent(data);
            if (Uri.TryCreate(image.ImageUrl, UriKind.Absolute, out var address) && address is { Scheme: "http" or "https" }) return new ImageContent(address);
        }
        catch (Exception e) when (e is ArgumentException or FormatException or UriFormatException or KernelException)
        {
        }

        return new TextContent("[an image that cannot be shown]");
    }
}
