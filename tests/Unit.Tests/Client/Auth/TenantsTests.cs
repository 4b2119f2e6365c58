using Conversations.Client.Auth;
using Microsoft.Extensions.Options;

namespace Conversations.Unit.Tests.Client.Auth;

public sealed class TenantsTests
{
    [Fact]
    public void TenantOf_KnownKey_IsItsOwner()
    {
        var keys = new ApiKeys(Options.Create(Tenants(("acme", ApiKeys.Hash("one")), ("globex", ApiKeys.Hash("two").ToUpperInvariant()))));

        Assert.Equal("acme", keys.TenantOf("one"));
        Assert.Equal("globex", keys.TenantOf("two"));
        Assert.Null(keys.TenantOf("three"));
        Assert.Null(keys.TenantOf(""));
    }

    [Fact]
    public void Validate_SoundTenants_Succeeds() =>
        Assert.True(new TenantsValidator().Validate(null, Tenants(("acme", ApiKeys.Hash("one")))).Succeeded);

    [Fact]
    public void Validate_SeveralFaults_TellsAllAndNoKey()
    {
        var result = new TenantsValidator().Validate(
            null, Tenants(("Acme Corp", ApiKeys.Hash("one")), ("globex", "a-plain-key"), ("initech", ApiKeys.Hash("one"))));

        Assert.Equal(3, result.Failures!.Count());
        Assert.DoesNotContain("a-plain-key", result.FailureMessage, StringComparison.Ordinal);
    }

    private static TenantsOptions Tenants(params (string Name, string Hash)[] tenants)
    {
        var options = new TenantsOptions();
        foreach (var (name, hash) in tenants) options.Tenants[name] = new TenantOptions { ApiKeys = { hash } };
        return options;
    }
}
