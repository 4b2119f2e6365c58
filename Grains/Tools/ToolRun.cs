using System.Text.Json;
using Conversations.Grains.Turns;
using Conversations.History;
using Conversations.Sessions;
using Conversations.Turns;
using NJsonSchema;

namespace Conversations.Grains.Tools;

/// <summary>One run of a tool: whatever happens, there is a result for the model.</summary>
internal static class ToolRun
{
    /// <summary>What a call comes to of which nobody knows whether it took effect.</summary>
    public const string UnknownOutcome = "Error: the server stopped while this call ran. Its outcome is unknown, and it was not repeated.";

    /// <summary>What an unfinished call comes to when its turn is stopped.</summary>
    public const string Stopped = "Error: the turn was stopped before this call had a result; whether it took effect is unknown.";

    /// <summary>What a call comes to that was not made because of the bound.</summary>
    public const string OverBound = "Error: not called, because the turn has made as many tool calls as it may.";

    /// <summary>Runs the tool, away from the session's thread, for at most its timeout.</summary>
    /// <exception cref="OperationCanceledException">The turn was stopped.</exception>
    public static async Task<string> RunAsync(
        Tool tool, SessionKey session, TurnId turn, FunctionCall call, int longest, TimeProvider time, CancellationToken stop)
    {
        var (arguments, fault) = await ReadAsync(tool, call.Arguments);
        if (arguments is null) return $"Error: {fault}";
        using var deadline = new CancellationTokenSource(tool.Timeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(stop, deadline.Token);
        try
        {
            // A tool is foreign code: it must not hold up the session, even if it never yields.
            var result = await Task.Factory.StartNew(
                () => tool.InvokeAsync(new ToolCall(session, turn, call.CallId, arguments.Value), both.Token),
                CancellationToken.None,
                TaskCreationOptions.None,
                TaskScheduler.Default).Unwrap().WaitAsync(both.Token);
            return Storable.Clean(Bound(result, longest));
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            throw;
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            return $"Error: {tool.Name} took longer than {tool.Timeout.TotalSeconds:0.###} seconds; its outcome is unknown.";
        }
        catch (Exception e) when ((e as ToolException ?? e.InnerException as ToolException) is { } refusal)
        {
            return Storable.Clean(Bound($"Error: {refusal.Message}", longest));
        }
        catch (Exception e)
        {
            return $"Error: {tool.Name} failed ({e.GetType().Name}).";
        }
    }

    private static async Task<(JsonElement? Arguments, string? Fault)> ReadAsync(Tool tool, string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json.Length == 0 ? "{}" : json);
            if (document.RootElement.ValueKind != JsonValueKind.Object) return (null, "the arguments must be a JSON object.");
            var schema = await JsonSchema.FromJsonAsync(tool.Schema.GetRawText());
            var faults = schema.Validate(document.RootElement.GetRawText());
            return faults.Count == 0
                ? (document.RootElement.Clone(), null)
                : (null, $"the arguments do not match the schema: {string.Join("; ", faults.Select(f => $"{f.Path} {f.Kind}"))}.");
        }
        catch (JsonException)
        {
            return (null, "the arguments are not valid JSON.");
        }
        catch (Exception e)
        {
            // A tool server's schema may be anything.
            return (null, $"the arguments cannot be checked against the tool's schema ({e.GetType().Name}).");
        }
    }

    private static string Bound(string text, int longest) =>
        text.Length <= longest ? text : text[..longest] + $" … (cut: {text.Length} characters, {longest} kept)";
}
