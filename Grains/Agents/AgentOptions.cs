using System.ComponentModel.DataAnnotations;

namespace Conversations.Grains.Agents;

/// <summary>One agent; the section <c>Agents:&lt;name&gt;</c>.</summary>
public sealed class AgentOptions
{
    /// <summary>
    /// <c>openai</c> (any endpoint that speaks OpenAI's chat completions), <c>demo</c> (offline, for a first look), or the key under which
    /// the host registered an <c>IChatCompletionService</c>. Default: openai.
    /// </summary>
    public string Provider { get; set; } = "openai";

    /// <summary>The endpoint's base address, like <c>http://localhost:11434/v1</c>. Default: OpenAI's own.</summary>
    public Uri? Endpoint { get; set; }

    /// <summary>The model's name at the provider. Default: the agent's name.</summary>
    public string? Model { get; set; }

    /// <summary>The provider's key; give it by environment (<c>Agents__NAME__ApiKey</c>) or <see cref="ApiKeyFile"/>. Default: none.</summary>
    public string? ApiKey { get; set; }

    /// <summary>A file that holds the key. Default: none.</summary>
    public string? ApiKeyFile { get; set; }

    /// <summary>What the model is told before everything else. Default: nothing.</summary>
    public string? Instructions { get; set; }

    /// <summary>The server's tools that it may call: by name, or <c>SERVER.TOOL</c> and <c>SERVER.*</c> for a tool server's. Default: none.</summary>
    public IList<string> Tools { get; } = [];

    /// <summary>Whether the model takes images; a request that brings one to an agent that does not is refused. Default: true.</summary>
    public bool TakesImages { get; set; } = true;

    /// <summary>
    /// Whether the model takes files, which few endpoints but OpenAI's own do; a request that brings one to an agent that does not is
    /// refused. Default: false.
    /// </summary>
    public bool TakesFiles { get; set; }

    /// <summary>How many recent items the model sees. Default: 64.</summary>
    [Range(1, 2_000)]
    public int WindowItems { get; set; } = 64;

    /// <summary>How many tokens of the history the model sees; instructions and tools are not counted. Default: as many as the items have.</summary>
    [Range(1, 10_000_000)]
    public int? WindowTokens { get; set; }

    /// <summary>How tokens are counted: <c>o200k_base</c> or <c>cl100k_base</c>; of other models' tokens it is an estimate. Default: o200k_base.</summary>
    [RegularExpression("o200k_base|cl100k_base", ErrorMessage = "Encoding must be 'o200k_base' or 'cl100k_base'.")]
    public string Encoding { get; set; } = "o200k_base";

    /// <summary>Past how many items the older ones are summarised. Default: they are not.</summary>
    [Range(4, 2_000)]
    public int? CompactAfterItems { get; set; }

    /// <summary>Past how many tokens of history the older items are summarised. Default: they are not.</summary>
    [Range(1, 10_000_000)]
    public int? CompactAfterTokens { get; set; }

    /// <summary>How often the model is called for one reply, as long as nothing of the reply was shown. Default: 3.</summary>
    [Range(1, 20)]
    public int Tries { get; set; } = 3;

    /// <summary>How long the model may say nothing before its first word, in seconds. Default: <c>Sessions:ModelIdleSeconds</c>.</summary>
    [Range(1, 3_600)]
    public int? FirstTokenSeconds { get; set; }

    /// <summary>How long the model may say nothing between two words, in seconds. Default: <c>Sessions:ModelIdleSeconds</c>.</summary>
    [Range(1, 3_600)]
    public int? IdleSeconds { get; set; }

    /// <summary>Sampling temperature if the request names none. Default: the provider's.</summary>
    [Range(0.0, 2.0)]
    public double? Temperature { get; set; }

    /// <summary>The most tokens a reply may have if the request names no bound. Default: the provider's.</summary>
    [Range(1, 10_000_000)]
    public int? MaxOutputTokens { get; set; }

    /// <summary>The demo's pause before each word, in milliseconds. Default: 15.</summary>
    [Range(0, 10_000)]
    public int WordDelayMilliseconds { get; set; } = 15;
}
