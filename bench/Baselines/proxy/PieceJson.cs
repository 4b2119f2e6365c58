using System.Text.Json.Serialization;

namespace Conversations.Proxy;

/// <summary>What the model is asked.</summary>
internal sealed record Question(string Model, string Input);

/// <summary>A piece of the answer.</summary>
internal sealed record Piece(string Type, int SequenceNumber, string? Delta);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(Question))]
[JsonSerializable(typeof(Piece))]
internal sealed partial class PieceJson : JsonSerializerContext;
