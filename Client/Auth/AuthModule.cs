using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Conversations.Client.Auth;

/// <summary>API keys.</summary>
internal static class AuthModule
{
    private const string DevelopmentTenant = "dev";
    private const string DevelopmentKey = "dev-key";

    /// <summary>Adds authentication by API key, as the default.</summary>
    public static IServiceCollection AddApiKeys(this IServiceCollection services)
    {
        services.AddOptions<TenantsOptions>()
            .Configure<IConfiguration>((options, configuration) => configuration.GetSection("Tenants").Bind(options.Tenants))
            .PostConfigure<IHostEnvironment>((options, environment) =>
            {
                if (environment.IsDevelopment()) AddDevelopmentKey(options);
            })
            .ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<TenantsOptions>, TenantsValidator>());
        services.TryAddSingleton<ApiKeys>();
        services.AddAuthentication(ApiKeyHandler.SchemeName)
            .AddScheme<AuthenticationSchemeOptions, ApiKeyHandler>(ApiKeyHandler.SchemeName, null);
        services.AddAuthorization();
        // The line about the request says the same.
        services.AddLogging(logging => logging.AddFilter(typeof(ApiKeyHandler).FullName, LogLevel.Warning));
        return services;
    }

    private static void AddDevelopmentKey(TenantsOptions options)
    {
        if (!options.Tenants.TryGetValue(DevelopmentTenant, out var tenant)) options.Tenants[DevelopmentTenant] = tenant = new TenantOptions();
        var hash = ApiKeys.Hash(DevelopmentKey);
        if (!tenant.ApiKeys.Contains(hash, StringComparer.OrdinalIgnoreCase)) tenant.ApiKeys.Add(hash);
    }
}
