using System.Text.Encodings.Web;
using Conversations.Client.OpenAI.Errors;
using Conversations.Client.Requests;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace Conversations.Client.Auth;

/// <summary>Authenticates <c>Authorization: Bearer KEY</c>. The tenant comes from the key alone.</summary>
internal sealed class ApiKeyHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, ApiKeys keys)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "api-key";

    private const string Bearer = "Bearer ";

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var header = Request.Headers.Authorization.ToString();
        if (!header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)) return Task.FromResult(AuthenticateResult.NoResult());
        if (keys.TenantOf(header[Bearer.Length..].Trim()) is not { } tenant) return Task.FromResult(AuthenticateResult.Fail("Unknown key."));
        if (RequestScope.Of(Context) is { } scope) scope.Tenant = tenant;
        return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(Caller.Of(tenant, SchemeName), SchemeName)));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = "Bearer";
        if (Request.ContentType?.StartsWith("application/grpc", StringComparison.OrdinalIgnoreCase) == true)
        {
            Response.ContentType = Request.ContentType;
            Response.Headers["grpc-status"] = "16";
            Response.Headers["grpc-message"] = "The API key is missing or unknown.";
            return Task.CompletedTask;
        }

        return DialectError.InvalidApiKey.WriteAsync(Context);
    }
}
