using System.Security.Cryptography;
using System.Text;
using Conversations.Silo.Dashboard;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Conversations.Unit.Tests.Silo.Dashboard;

public sealed class OperatorAuthenticationTests
{
    private static readonly string Hash = Convert.ToHexString(SHA256.HashData("pass:wörd"u8));

    [Theory]
    [InlineData("operator")]
    [InlineData("")]
    public async Task Authenticate_RightPassword_IsLetInUnderAnyName(string user)
    {
        var result = await AuthenticateAsync(Basic($"{user}:pass:wörd"));

        Assert.True(result.Succeeded);
        Assert.True(result.Principal.Identity!.IsAuthenticated);
    }

    [Theory]
    [InlineData("operator:wrong")]
    [InlineData("operator:")]
    [InlineData("operator:PASS:WÖRD")]
    public async Task Authenticate_WrongPassword_IsRefused(string credentials)
    {
        var result = await AuthenticateAsync(Basic(credentials));

        Assert.False(result.Succeeded);
        Assert.NotNull(result.Failure);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("Basic")]
    [InlineData("Basic !!!")]
    [InlineData("Basic b3BlcmF0b3I=")]
    [InlineData("Basic \u0001")]
    [InlineData("Bearer cGFzczp3w7ZyZA==")]
    [InlineData("Basic a, Basic b")]
    public async Task Authenticate_MalformedOrNoHeader_IsNobody(string? header)
    {
        var result = await AuthenticateAsync(header);

        Assert.False(result.Succeeded);
        Assert.Null(result.Failure);
    }

    [Fact]
    public async Task Challenge_Nobody_AsksForAPassword()
    {
        var context = Context(null);

        await context.ChallengeAsync(OperatorAuthentication.Name);

        Assert.Equal(401, context.Response.StatusCode);
        Assert.StartsWith("Basic ", context.Response.Headers.WWWAuthenticate.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Development", true)]
    [InlineData("Production", false)]
    public async Task Authenticate_DefaultPassword_IsKnownInDevelopmentAlone(string environment, bool known)
    {
        var result = await Context(Basic("x:dev-admin"), environment, passwords: []).AuthenticateAsync(OperatorAuthentication.Name);

        Assert.Equal(known, result.Succeeded);
    }

    [Theory]
    [InlineData("password")]
    [InlineData("abc")]
    public void Options_PasswordThatIsNoHash_IsRefusedAtStart(string password) => Assert.Throws<OptionsValidationException>(() =>
        Context(null, "Production", password).RequestServices.GetRequiredService<IOptions<OperatorOptions>>().Value);

    private static Task<AuthenticateResult> AuthenticateAsync(string? header) => Context(header).AuthenticateAsync(OperatorAuthentication.Name);

    private static DefaultHttpContext Context(string? header) => Context(header, "Production", Hash);

    private static DefaultHttpContext Context(string? header, string environment, params string[] passwords)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { EnvironmentName = environment });
        for (var i = 0; i < passwords.Length; i++) builder.Configuration[$"Operators:Passwords:{i}"] = passwords[i];
        builder.Services.AddLogging();
        builder.Services.AddOperators(builder.Configuration, builder.Environment);
        var context = new DefaultHttpContext { RequestServices = builder.Services.BuildServiceProvider() };
        if (header is not null) context.Request.Headers.Authorization = header;
        return context;
    }

    private static string Basic(string credentials) => "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(credentials));
}
