namespace Conversations.Client.OpenAI.Errors;

/// <summary>A request that breaks a rule of the dialect.</summary>
/// <param name="error">What the caller is told.</param>
internal sealed class DialectException(DialectError error) : Exception(error.Message)
{
    public DialectException(int status, string code, string message, string? param = null)
        : this(new DialectError(status, code, message, param))
    {
    }

    public DialectError Error { get; } = error;
}
