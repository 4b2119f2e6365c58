using System.ComponentModel;
using System.Globalization;
using Microsoft.SemanticKernel;

namespace Conversations.Grains.Tools.Examples;

/// <summary>The time, which models do not know.</summary>
internal sealed class Clock(TimeProvider time)
{
    [KernelFunction("current_time"), Description("The date and time now, in UTC.")]
    public string Now() => time.GetUtcNow().ToString("dddd, yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);
}
