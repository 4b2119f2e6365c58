namespace Conversations.Client.OpenAI.Wire;

internal sealed record WireError(string Message, string Type, string? Param, string? Code);

internal sealed record WireErrorBody(WireError Error);
