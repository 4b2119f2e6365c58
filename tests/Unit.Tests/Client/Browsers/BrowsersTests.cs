using System.Net;
using Conversations.Client.Auth;
using Conversations.Client.Browsers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Conversations.Unit.Tests.Client.Browsers;

public sealed class BrowsersTests
{
    private const string Page = "https://app.example.org";

    [Fact]
    public async Task Preflight_OfANamedOrigin_IsAnsweredWithoutAKey()
    {
        await using var app = await StartAsync(Page, "http://localhost:5173");
        // As the stock client in a browser asks.
        using var answer = await SendAsync(app, HttpMethod.Options, Page, "authorization,content-type,x-stainless-arch,x-stainless-retry-count,idempotency-key");

        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.Equal(Page, Header(answer, "Access-Control-Allow-Origin"));
        Assert.Contains("POST", Header(answer, "Access-Control-Allow-Methods"), StringComparison.Ordinal);
        Assert.Contains("x-stainless-retry-count", Header(answer, "Access-Control-Allow-Headers"), StringComparison.Ordinal);
        Assert.Equal("3600", Header(answer, "Access-Control-Max-Age"));
    }

    [Theory]
    [InlineData("dev-key", HttpStatusCode.OK)]
    [InlineData(null, HttpStatusCode.Unauthorized)]
    public async Task Request_OfANamedOrigin_MayBeReadWhateverTheAnswer(string? key, HttpStatusCode status)
    {
        await using var app = await StartAsync(Page);
        using var answer = await SendAsync(app, HttpMethod.Get, Page, key: key);

        Assert.Equal(status, answer.StatusCode);
        Assert.Equal(Page, Header(answer, "Access-Control-Allow-Origin"));
        Assert.Contains("retry-after-ms", Header(answer, "Access-Control-Expose-Headers"), StringComparison.Ordinal);
        Assert.Null(Header(answer, "Access-Control-Allow-Credentials"));
    }

    [Theory]
    [InlineData("https://evil.example.org", new[] { Page })]
    [InlineData("http://app.example.org", new[] { Page })]
    [InlineData(Page, new string[0])]
    public async Task Request_OfAnyOtherOrigin_IsNotForItsPage(string origin, string[] origins)
    {
        await using var app = await StartAsync(origins);
        using var preflight = await SendAsync(app, HttpMethod.Options, origin, "authorization");
        using var answer = await SendAsync(app, HttpMethod.Get, origin, key: "dev-key");

        Assert.Null(Header(preflight, "Access-Control-Allow-Origin"));
        Assert.Null(Header(answer, "Access-Control-Allow-Origin"));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task AnyOrigin_IsLetInByAStar()
    {
        await using var app = await StartAsync("*");
        using var answer = await SendAsync(app, HttpMethod.Options, "https://anywhere.example", "authorization");

        Assert.Equal((HttpStatusCode.NoContent, "*"), (answer.StatusCode, Header(answer, "Access-Control-Allow-Origin")));
    }

    [Fact]
    public async Task Start_OriginsThatNoBrowserSends_AreAllNamed()
    {
        var refused = await Assert.ThrowsAsync<OptionsValidationException>(
            () => StartAsync("https://a.example/", "app.example.org", "https://a.example/x", "ftp://a.example", "https://*.example.org:x", Page));

        Assert.Equal(Enumerable.Range(0, 5).Select(i => $"Http:CorsOrigins:{i} "), refused.Failures.Select(fault => fault[..19]));
    }

    private static async Task<WebApplication> StartAsync(params string[] origins)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = Environments.Development });
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddInMemoryCollection(origins.Index().ToDictionary(o => $"Http:CorsOrigins:{o.Index}", o => (string?)o.Item));
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.AddApiKeys();
        builder.Services.AddBrowsers();
        var app = builder.Build();
        app.Services.GetService<IStartupValidator>()?.Validate();
        app.UseBrowsers();
        app.UseRouting();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapGet("/v1/models", () => "ok").RequireAuthorization();
        app.MapFallback("/v1/{**rest}", () => Results.StatusCode(405)).RequireAuthorization();
        await app.StartAsync();
        return app;
    }

    private static async Task<HttpResponseMessage> SendAsync(WebApplication app, HttpMethod method, string origin, string? headers = null, string? key = null)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(method, $"{app.Urls.Single()}/v1/models");
        request.Headers.Add("Origin", origin);
        if (headers is not null)
        {
            request.Headers.Add("Access-Control-Request-Method", "POST");
            request.Headers.Add("Access-Control-Request-Headers", headers);
        }

        if (key is not null) request.Headers.Authorization = new("Bearer", key);
        return await client.SendAsync(request);
    }

    private static string? Header(HttpResponseMessage answer, string name) =>
        answer.Headers.TryGetValues(name, out var values) ? string.Join(", ", values) : null;
}
