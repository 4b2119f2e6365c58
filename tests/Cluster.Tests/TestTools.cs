using System.Collections.Concurrent;
using System.Text.Json;
using Conversations.Grains.Tools;

namespace Conversations.Cluster.Tests;

/// <summary>Tools whose every effect is counted by call id.</summary>
public sealed class TestTools
{
    public ConcurrentDictionary<string, int> Effects { get; } = new();

    /// <summary>Held: tools wait here before they answer.</summary>
    public TaskCompletionSource Gate { get; set; } = Open();

    public IEnumerable<Tool> All =>
    [
        Make("add", """{"type":"object","properties":{"a":{"type":"number"},"b":{"type":"number"}},"required":["a","b"]}""", idempotent: true),
        Make("charge", """{"type":"object","properties":{"amount":{"type":"number"}}}"""),
        Make("launch", """{"type":"object","properties":{}}""", approval: true),
        Make("slow", """{"type":"object","properties":{}}""", timeout: TimeSpan.FromMilliseconds(200)),
    ];

    public static TaskCompletionSource Open()
    {
        var gate = new TaskCompletionSource();
        gate.SetResult();
        return gate;
    }

    private Tool Make(string name, string schema, bool idempotent = false, bool approval = false, TimeSpan? timeout = null) => new()
    {
        Name = name,
        Description = name,
        Schema = JsonElement.Parse(schema),
        IsIdempotent = idempotent,
        NeedsApproval = approval,
        Timeout = timeout ?? TimeSpan.FromSeconds(60),
        InvokeAsync = async (call, stop) =>
        {
            Effects.AddOrUpdate(call.CallId, 1, (_, n) => n + 1);
            if (name == "slow") await Task.Delay(Timeout.Infinite, stop);
            await Gate.Task.WaitAsync(stop);
            return name == "add" ? $"{call.Arguments.GetProperty("a").GetDouble() + call.Arguments.GetProperty("b").GetDouble()}" : $"{name} done";
        },
    };
}
