using System.ComponentModel.DataAnnotations;

namespace Conversations.Grains.Tools.Mcp;

/// <summary>A server of tools that speaks the Model Context Protocol; the section <c>Mcp:&lt;name&gt;</c>.</summary>
public sealed class McpServerOptions
{
    /// <summary>The program to start, once per silo; it is talked to over its standard input and output. Default: none, see <see cref="Url"/>.</summary>
    public string? Command { get; set; }

    /// <summary>The program's arguments. Default: none.</summary>
    public IList<string> Arguments { get; } = [];

    /// <summary>
    /// Environment variables of the program, over a few harmless ones of the silo (like <c>PATH</c> and <c>HOME</c>): the silo's own hold
    /// its secrets. Default: none.
    /// </summary>
    public IDictionary<string, string> Environment { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Where the program runs. Default: where the silo does.</summary>
    public string? WorkingDirectory { get; set; }

    /// <summary>The address of a server that runs elsewhere (streamable HTTP). Default: none, see <see cref="Command"/>.</summary>
    public Uri? Url { get; set; }

    /// <summary>Headers of every request to <see cref="Url"/>. Default: none.</summary>
    public IDictionary<string, string> Headers { get; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Sent to <see cref="Url"/> as <c>Authorization: Bearer</c>. Default: none.</summary>
    public string? ApiKey { get; set; }

    /// <summary>A file that holds the key. Default: none.</summary>
    public string? ApiKeyFile { get; set; }

    /// <summary>The tools of the server that may be used at all, by the server's names. Default: all.</summary>
    public IList<string> Tools { get; } = [];

    /// <summary>The tools that do no harm when they are called again with the same idempotency key; <c>*</c>: all. Default: none.</summary>
    public IList<string> Idempotent { get; } = [];

    /// <summary>The tools of which a person must approve each call; <c>*</c>: all. Default: none.</summary>
    public IList<string> NeedsApproval { get; } = [];

    /// <summary>Whether tools that the server itself calls read-only or idempotent count as <see cref="Idempotent"/>. Default: false.</summary>
    public bool TrustHints { get; set; }

    /// <summary>How long one call may take, in seconds. Default: 60.</summary>
    [Range(1, 3_600)]
    public int TimeoutSeconds { get; set; } = 60;

    /// <summary>How long the server may take to start and to say what tools it has, in seconds. Default: 15.</summary>
    [Range(1, 300)]
    public int ConnectSeconds { get; set; } = 15;
}
