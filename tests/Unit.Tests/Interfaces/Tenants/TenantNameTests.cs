using Conversations.Tenants;
using CsCheck;

namespace Conversations.Unit.Tests.Interfaces.Tenants;

public sealed class TenantNameTests
{
    [Theory]
    [InlineData("a")]
    [InlineData("acme")]
    [InlineData("0")]
    [InlineData("-")]
    [InlineData("team-7")]
    public void IsValid_NameWithinTheRule_IsTrue(string name) => Assert.True(TenantName.IsValid(name));

    [Theory]
    [InlineData("")]
    [InlineData("Acme")]
    [InlineData("a b")]
    [InlineData("a/b")]
    [InlineData("a_b")]
    [InlineData("a.b")]
    [InlineData("é")]
    [InlineData("٣")]
    [InlineData("a\n")]
    public void IsValid_OtherCharacters_IsFalse(string name) => Assert.False(TenantName.IsValid(name));

    [Fact]
    public void IsValid_Length_EndsAt63()
    {
        Assert.True(TenantName.IsValid(new string('a', 63)));
        Assert.False(TenantName.IsValid(new string('a', 64)));
    }

    [Fact]
    public void IsValid_AnyText_SaysWhatTheRuleSays() => AnyText.Any.Sample(text =>
        Assert.Equal(text.Length is > 0 and <= 63 && text.All(c => "abcdefghijklmnopqrstuvwxyz0123456789-".Contains(c)), TenantName.IsValid(text)));
}
