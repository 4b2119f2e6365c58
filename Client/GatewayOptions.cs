using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Conversations.Client;

/// <summary>How a gateway serves; the section <c>Gateway</c>.</summary>
public sealed class GatewayOptions
{
    /// <summary>What the gateway is called in the logs. Default: the name of the machine.</summary>
    [Required, MinLength(1)]
    public string Name { get; set; } = Environment.MachineName;

    /// <summary>
    /// The largest request body, in bytes. Written as <c>\u20AC</c> a character takes six of them, so let it be more than six times the
    /// silos' <c>Sessions:InputLength</c>: what is beyond that is then refused by name. Default: 32 MiB.
    /// </summary>
    [Range(1024, 512 * 1024 * 1024)]
    public int MaxBodyBytes { get; set; } = 32 * 1024 * 1024;

    /// <summary>How long one call of a session may take before it is sent again. Default: 5 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:10:00")]
    public TimeSpan CallTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long one wait for events may take before it is sent again; longer than a session lets a watcher wait. Default: 9 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:10:00")]
    public TimeSpan WatchTimeout { get; set; } = TimeSpan.FromSeconds(9);

    /// <summary>How long a call is sent again before the caller is told to come back later. Default: 30 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "01:00:00")]
    public TimeSpan RetryFor { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a stream may be silent before a comment keeps its connection alive. Default: 15 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:10:00")]
    public TimeSpan KeepAlive { get; set; } = TimeSpan.FromSeconds(15);
}

[OptionsValidator]
internal sealed partial class GatewayOptionsValidator : IValidateOptions<GatewayOptions>;
