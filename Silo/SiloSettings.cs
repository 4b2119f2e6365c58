using System.ComponentModel.DataAnnotations;
using System.Net;
using Microsoft.Extensions.Options;

namespace Conversations.Silo;

/// <summary>What this silo is called and where it is reached; the section <c>Silo</c>.</summary>
internal sealed class SiloSettings
{
    /// <summary>The silo's name, as operators, logs and the header x-conversations-silo know it. Default: the host's name.</summary>
    [StringLength(100, MinimumLength = 1)]
    public string Name { get; set; } = Environment.MachineName;

    /// <summary>The port for other silos. Default: 11111.</summary>
    [Range(1, 65535)]
    public int Port { get; set; } = 11111;

    /// <summary>The port for cluster clients (gateways). Default: 30000.</summary>
    [Range(1, 65535)]
    public int GatewayPort { get; set; } = 30000;

    /// <summary>The address at which others reach this silo. Default: 127.0.0.1, for one machine.</summary>
    [Required]
    public string AdvertisedAddress { get; set; } = IPAddress.Loopback.ToString();

    /// <summary>Whether this process serves HTTP and gRPC as well. Default: false.</summary>
    public bool MountGateway { get; set; }

    /// <summary>Whether silo and cluster identity come from Kubernetes. Default: false.</summary>
    public bool Kubernetes { get; set; }
}

/// <summary>Checks <see cref="SiloSettings"/> at start.</summary>
[OptionsValidator]
internal sealed partial class SiloSettingsValidator : IValidateOptions<SiloSettings>;
