using Conversations.Client.OpenAI;
using Conversations.Client.Requests;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Conversations.Client.Browsers;

/// <summary>Lets pages of other origins call the dialect, if the operator names them.</summary>
internal static class BrowsersModule
{
    // A browser asks again sooner if it likes.
    private static readonly TimeSpan Remembered = TimeSpan.FromHours(1);

    public static IServiceCollection AddBrowsers(this IServiceCollection services)
    {
        services.AddOptions<HttpOptions>().BindConfiguration("Http").ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<HttpOptions>, HttpOptionsValidator>());
        services.AddCors();
        services.AddOptions<CorsOptions>().Configure<IOptions<HttpOptions>>((cors, http) => cors.AddDefaultPolicy(policy => policy
            .WithOrigins([.. http.Value.CorsOrigins])
            .AllowAnyHeader()
            .WithMethods(HttpMethods.Get, HttpMethods.Head, HttpMethods.Post, HttpMethods.Put, HttpMethods.Delete)
            .WithExposedHeaders(RequestId.Header, "retry-after", "retry-after-ms", "x-should-retry", "x-conversations-silo", "x-conversations-position")
            .SetPreflightMaxAge(Remembered)));
        return services;
    }

    /// <summary>Before whoever asks for a key: a preflight has none.</summary>
    public static IApplicationBuilder UseBrowsers(this IApplicationBuilder app) =>
        app.ApplicationServices.GetRequiredService<IOptions<HttpOptions>>().Value.CorsOrigins.Count == 0
            ? app
            : app.UseWhen(http => http.Request.Path.StartsWithSegments(KnownPaths.Root, StringComparison.Ordinal), served => served.UseCors());
}
