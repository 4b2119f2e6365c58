using Conversations.Turns;

namespace Conversations.Grains.Agents;

/// <summary>A piece of a model's reply.</summary>
internal abstract record ModelChunk;

/// <summary>More text.</summary>
internal sealed record TextChunk(string Text) : ModelChunk;

/// <summary>More of why the model does not answer.</summary>
internal sealed record RefusalChunk(string Text) : ModelChunk;

/// <summary>More of a function call: the first piece of a call names it, later ones add arguments.</summary>
internal sealed record CallChunk(int Index, string? CallId, string? Name, string? Arguments) : ModelChunk;

/// <summary>What the call used; at the end.</summary>
internal sealed record UsageChunk(Usage Usage) : ModelChunk;

/// <summary>Why the model stopped: <c>stop</c>, <c>length</c>, <c>content_filter</c> or <c>tool_calls</c>.</summary>
internal sealed record FinishChunk(string Reason) : ModelChunk;
