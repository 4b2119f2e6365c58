namespace Conversations.Naive;

/// <summary>One message of a history.</summary>
[GenerateSerializer, Immutable]
public sealed record Saying([property: Id(0)] string Role, [property: Id(1)] string Text);
