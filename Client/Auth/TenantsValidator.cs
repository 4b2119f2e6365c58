using Conversations.Tenants;
using Microsoft.Extensions.Options;

namespace Conversations.Client.Auth;

/// <summary>Finds every fault in the tenants' configuration; says where it is, never what was written there, which may be a key.</summary>
internal sealed class TenantsValidator : IValidateOptions<TenantsOptions>
{
    public ValidateOptionsResult Validate(string? name, TenantsOptions options)
    {
        var faults = new List<string>();
        var owners = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (tenant, settings) in options.Tenants)
        {
            if (!TenantName.IsValid(tenant))
            {
                faults.Add($"Tenants:{tenant} is no name of a tenant: use 1 to {TenantName.MaxLength} characters of a-z, 0-9 and '-'.");
            }

            for (var i = 0; i < settings.ApiKeys.Count; i++)
            {
                var where = $"Tenants:{tenant}:ApiKeys:{i}";
                if (!IsHash(settings.ApiKeys[i]))
                {
                    faults.Add($"{where} is no SHA-256 of a key: use 64 hexadecimal digits (printf %s KEY | sha256sum).");
                }
                else if (!owners.TryAdd(settings.ApiKeys[i], where))
                {
                    faults.Add($"{where} is the same key as {owners[settings.ApiKeys[i]]}: give each tenant keys of its own.");
                }
            }
        }

        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static bool IsHash(string? text) => text is { Length: 64 } && text.All(char.IsAsciiHexDigit);
}
