using System.Text.Json.Serialization;

namespace Conversations.List;

/// <summary>What is asked.</summary>
internal sealed record Question(string Session, string Text);

/// <summary>What is answered.</summary>
internal sealed record Answer(string Text);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Question))]
[JsonSerializable(typeof(Answer))]
internal sealed partial class TurnJson : JsonSerializerContext;
