using System.Security.Cryptography;
using Microsoft.AspNetCore.Authentication;
using Orleans.Dashboard;

namespace Conversations.Silo.Dashboard;

/// <summary>The Orleans Dashboard on the admin port, for operators alone.</summary>
internal static class DashboardModule
{
    /// <summary>Lets the silo gather what the dashboard shows.</summary>
    public static ISiloBuilder AddConversationsDashboard(this ISiloBuilder silo) => silo
        // A silo that joined after somebody opened the dashboard would otherwise never begin to time its calls.
        .Configure<GrainProfilerOptions>(options => options.TraceAlways = true)
        .AddDashboard(options =>
        {
            options.HideTrace = true;
            options.CounterUpdateIntervalMs = 1000;
            options.HistoryLength = 100;
        });

    /// <summary>Adds the operators' authentication.</summary>
    public static IServiceCollection AddOperators(this IServiceCollection services, IConfiguration configuration, IHostEnvironment environment)
    {
        services.AddOptions<OperatorOptions>()
            .Bind(configuration.GetSection("Operators"))
            .Configure(options =>
            {
                if (environment.IsDevelopment() && options.Passwords.Count == 0)
                {
                    options.Passwords.Add(Convert.ToHexStringLower(SHA256.HashData("dev-admin"u8)));
                }
            })
            .Validate(
                options => options.Passwords.All(p => p.Length == 64 && p.All(char.IsAsciiHexDigit)),
                "Operators:Passwords must be SHA-256 hashes in hex, 64 digits each.")
            .ValidateOnStart();
        services.AddAuthentication().AddScheme<AuthenticationSchemeOptions, OperatorAuthentication>(OperatorAuthentication.Name, null);
        services.AddAuthorizationBuilder().AddPolicy(
            OperatorAuthentication.Name, policy => policy.AddAuthenticationSchemes(OperatorAuthentication.Name).RequireAuthenticatedUser());
        return services;
    }

    /// <summary>
    /// Maps the dashboard under <c>/dashboard</c>, for this silo's admin port only. Its GrainState route stays shut: over a GET it
    /// would activate any session and call its methods.
    /// </summary>
    public static void MapConversationsDashboard(this WebApplication app, int adminPort)
    {
        app.Use((context, next) =>
        {
            // By the port that the connection came in on: a Host header can say anything.
            var path = context.Request.Path;
            if (!path.StartsWithSegments("/dashboard") || (context.Connection.LocalPort == adminPort && !path.StartsWithSegments("/dashboard/GrainState")))
            {
                return next(context);
            }

            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        });
        app.MapOrleansDashboard("/dashboard")
            .AddEndpointFilter<RouteGroupBuilder, DashboardPatience>()
            .RequireAuthorization(OperatorAuthentication.Name);
    }
}
