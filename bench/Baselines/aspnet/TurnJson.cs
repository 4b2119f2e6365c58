using System.Text.Json.Serialization;

namespace Conversations.AspNet;

/// <summary>What is asked.</summary>
internal sealed record Question(string Session, string Text);

/// <summary>What is answered.</summary>
internal sealed record Answer(string Text);

/// <summary>An item as it is stored.</summary>
internal sealed record StoredMessage(string Type, string Role, StoredText[] Content);

/// <summary>What it says.</summary>
internal sealed record StoredText(string Type, string Text);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Question))]
[JsonSerializable(typeof(Answer))]
[JsonSerializable(typeof(StoredMessage))]
internal sealed partial class TurnJson : JsonSerializerContext;
