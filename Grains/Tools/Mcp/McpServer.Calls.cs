using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace Conversations.Grains.Tools.Mcp;

/// <summary>The part of a server that calls its tools.</summary>
internal sealed partial class McpServer
{
    // Whether a call that got no answer took effect nobody knows, so none is sent twice by this silo.
    private async Task<string> CallAsync(Tool tool, ToolCall call, CancellationToken stop)
    {
        var client = await ReachAsync(stop);
        try
        {
            return McpResult.Read(await client.CallToolAsync(
                new CallToolRequestParams
                {
                    Name = _known!.FirstOrDefault(k => k.Value.Name == tool.Name).Key
                        ?? throw new ToolException($"the server '{Name}' has no such tool any more; the call was not made."),
                    Arguments = call.Arguments.EnumerateObject().ToDictionary(a => a.Name, a => a.Value, StringComparer.Ordinal),
                    Meta = new JsonObject { ["conversations/call-id"] = call.CallId, ["conversations/idempotency-key"] = KeyOf(call) },
                },
                stop));
        }
        catch (McpProtocolException refused)
        {
            throw new ToolException($"the server '{Name}' refused the call: {refused.Message}");
        }
        catch (HttpRequestException unreached) when (unreached.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError)
        {
            await Poke();
            throw Unreachable();
        }
        catch (Exception broken) when (broken is not ToolException && !stop.IsCancellationRequested)
        {
            await Poke();
            LogBroken(Name, broken.GetType().Name);
            throw new ToolException($"the connection to the server '{Name}' broke during the call; its outcome is unknown, and it was not repeated.");
        }
    }

    private async Task<McpClient> ReachAsync(CancellationToken stop)
    {
        // In this order, so that a connection made in between is seen.
        var attempt = _attempt.Task;
        if (_client is { } connected) return connected;
        await Poke();
        return await attempt.WaitAsync(stop) ?? throw Unreachable();
    }

    private ToolException Unreachable() => new($"the server '{Name}' of this tool cannot be reached at the moment; the call was not made.");

    // A provider's call ids are unique in their reply at best; a tool server's callers are many.
    private static string KeyOf(ToolCall call) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{call.Session}\n{call.Turn}\n{call.CallId}")));
}
