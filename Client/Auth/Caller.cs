using System.Security.Claims;

namespace Conversations.Client.Auth;

/// <summary>Who is calling. The only source of a tenant's name on any wire.</summary>
internal static class Caller
{
    private const string TenantClaim = "tenant";

    /// <summary>The caller's tenant.</summary>
    /// <exception cref="InvalidOperationException">The endpoint does not require authentication.</exception>
    public static string Tenant(this ClaimsPrincipal caller) =>
        caller.FindFirstValue(TenantClaim) ?? throw new InvalidOperationException("Nobody was authenticated here.");

    internal static ClaimsPrincipal Of(string tenant, string scheme) => new(new ClaimsIdentity([new Claim(TenantClaim, tenant)], scheme, TenantClaim, null));
}
