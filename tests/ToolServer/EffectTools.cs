using System.ComponentModel;
using System.Globalization;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Conversations.ToolServer;

/// <summary>
/// Tools whose every effect is a line of the file in the variable <c>EFFECTS</c>: tool, call id, idempotency key, process id. A tool
/// that holds ends when a file of its call's name, with <c>.go</c>, lies beside it.
/// </summary>
[McpServerToolType]
internal sealed class EffectTools
{
    private static string Effects => Environment.GetEnvironmentVariable("EFFECTS")!;

    [McpServerTool(Name = "add", ReadOnly = true, Idempotent = true), Description("Adds two numbers.")]
    public static string Add(RequestContext<CallToolRequestParams> request, double a, double b)
    {
        Note("add", request);
        return (a + b).ToString(CultureInfo.InvariantCulture);
    }

    [McpServerTool(Name = "charge"), Description("Charges an amount.")]
    public static string Charge(RequestContext<CallToolRequestParams> request, double amount)
    {
        Note("charge", request);
        return $"charged {amount.ToString(CultureInfo.InvariantCulture)}";
    }

    [McpServerTool(Name = "hold"), Description("Charges, and answers when it may.")]
    public static async Task<string> HoldAsync(RequestContext<CallToolRequestParams> request, CancellationToken stop)
    {
        var call = Note("hold", request);
        try
        {
            while (!File.Exists($"{Effects}.{call}.go")) await Task.Delay(20, stop);
            return "held";
        }
        catch (OperationCanceledException)
        {
            Note("cancelled", request);
            throw;
        }
    }

    [McpServerTool(Name = "fail"), Description("Fails.")]
    public static CallToolResult Fail(RequestContext<CallToolRequestParams> request)
    {
        Note("fail", request);
        return new CallToolResult { IsError = true, Content = [new TextContentBlock { Text = "no such account" }] };
    }

    [McpServerTool(Name = "big"), Description("Says much.")]
    public static string Big(int length) => new('x', length);

    [McpServerTool(Name = "secrets"), Description("Names its environment.")]
    public static string Secrets() => string.Join(' ', Environment.GetEnvironmentVariables().Keys.Cast<string>().Order());

    [McpServerTool(Name = "dotted.name"), Description("Has a name that a model cannot say.")]
    public static string Dotted() => "dotted";

    private static string Note(string tool, RequestContext<CallToolRequestParams> request)
    {
        var call = (string?)request.Params?.Meta?["conversations/call-id"] ?? "none";
        var key = (string?)request.Params?.Meta?["conversations/idempotency-key"] ?? "none";
        AppendedFile.Append(Effects, $"{tool} {call} {key} {Environment.ProcessId}\n");
        return call;
    }
}
