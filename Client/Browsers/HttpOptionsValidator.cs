using Microsoft.Extensions.Options;

namespace Conversations.Client.Browsers;

/// <summary>Finds every origin that no browser would send, and that would therefore never match.</summary>
internal sealed class HttpOptionsValidator : IValidateOptions<HttpOptions>
{
    public ValidateOptionsResult Validate(string? name, HttpOptions options)
    {
        var faults = options.CorsOrigins.Index().Where(origin => !IsOrigin(origin.Item)).Select(origin =>
            $"Http:CorsOrigins:{origin.Index} '{origin.Item}' is no origin: write scheme, host and, if it is not the usual one, port, like https://app.example.org:8443, without a path; or *.").ToList();
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static bool IsOrigin(string text) =>
        text == "*" || (Uri.TryCreate(text, UriKind.Absolute, out var url) && url.GetLeftPart(UriPartial.Authority) == text && url.Scheme is "http" or "https");
}
