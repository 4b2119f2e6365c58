using Microsoft.SemanticKernel;

namespace Conversations.Grains.Tools;

/// <summary>Makes tools of Semantic Kernel functions.</summary>
public static class KernelTools
{
    private static readonly AsyncLocal<ToolCall?> RunningCall = new();

    /// <summary>The call that the running function answers: its session, and its id as idempotency key.</summary>
    /// <exception cref="InvalidOperationException">No tool runs here.</exception>
    public static ToolCall Current => RunningCall.Value ?? throw new InvalidOperationException("No tool runs here.");

    /// <summary>A tool that runs a function of the kernel; name, description and schema are the function's.</summary>
    /// <param name="function">The function.</param>
    /// <param name="isIdempotent">See <see cref="Tool.IsIdempotent"/>.</param>
    /// <param name="needsApproval">See <see cref="Tool.NeedsApproval"/>.</param>
    public static Tool AsTool(this KernelFunction function, bool isIdempotent = false, bool needsApproval = false) => new()
    {
        Name = function.Name,
        Description = function.Description,
        Schema = function.JsonSchema,
        IsIdempotent = isIdempotent,
        NeedsApproval = needsApproval,
        InvokeAsync = async (call, stop) =>
        {
            RunningCall.Value = call;
            var arguments = new KernelArguments();
            foreach (var argument in call.Arguments.EnumerateObject()) arguments[argument.Name] = argument.Value.Clone();
            var result = await function.InvokeAsync(new Kernel(), arguments, stop);
            return result.GetValue<object>()?.ToString() ?? "";
        },
    };
}
