using Conversations.Sessions;
using CsCheck;

namespace Conversations.Unit.Tests.Interfaces.Sessions;

public sealed class SessionKeyTests
{
    private static readonly Gen<string> Ids = Gen.Char['!', '~'].Where(c => !@"/\?#%".Contains(c)).Array[1, 256]
        .Select(chars => new string(chars)).Where(id => id is not ("." or ".."));

    private static readonly Gen<string> Tenants = Gen.Char["abcxyz019-"].Array[1, 63].Select(chars => new string(chars));

    [Theory]
    [InlineData("42")]
    [InlineData("0042")]
    [InlineData("deadbeef")]
    [InlineData("6f9619ff-8b86-d011-b42d-00c04fc964ff")]
    [InlineData("...")]
    [InlineData("user@example.org:7+x")]
    public void TryCreate_IdThatLooksLikeSomethingElse_IsKeptAsWritten(string id)
    {
        Assert.True(SessionKey.TryCreate("acme", id, out var key));
        Assert.Equal(("acme", id), (key.Tenant, key.Id));
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("a b")]
    [InlineData("a/b")]
    [InlineData("a\\b")]
    [InlineData("a?b")]
    [InlineData("a#b")]
    [InlineData("a%b")]
    [InlineData("a\u007f")]
    [InlineData("a\n")]
    [InlineData("a\0")]
    [InlineData("é")]
    public void TryCreate_IdThatBreaksTheRule_IsRefused(string id) => Assert.False(SessionKey.TryCreate("acme", id, out _));

    [Fact]
    public void TryCreate_LengthOfAnId_EndsAt256()
    {
        Assert.True(SessionKey.TryCreate("acme", new string('x', 256), out _));
        Assert.False(SessionKey.TryCreate("acme", new string('x', 257), out _));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Acme")]
    [InlineData("a/b")]
    public void TryCreate_TenantThatBreaksTheRule_IsRefused(string tenant) => Assert.False(SessionKey.TryCreate(tenant, "42", out _));

    [Fact]
    public void IsValidId_Null_IsFalse() => Assert.False(SessionKey.IsValidId(null));

    [Fact]
    public void Parse_TextOfAnyKey_IsThatKey() => Gen.Select(Tenants, Ids).Sample((tenant, id) =>
    {
        Assert.True(SessionKey.TryCreate(tenant, id, out var key));
        Assert.Equal($"{tenant}/{id.Replace("{", "%7B", StringComparison.Ordinal).Replace("}", "%7D", StringComparison.Ordinal)}", key.ToString());
        Assert.Equal(key, SessionKey.Parse(key.ToString()));
    });

    [Theory]
    [InlineData("acme/{x")]
    [InlineData("acme/%7bx")]
    public void Parse_AnotherSpellingOfAKey_IsNone(string text) => Assert.Throws<FormatException>(() => SessionKey.Parse(text));

    [Fact]
    public void Parse_AnyText_IsAKeyOfThatTextOrAFormatException() => AnyText.Any.Sample(text =>
    {
        foreach (var candidate in new[] { text, "acme/" + text, text + "/42" })
        {
            if (Record.Exception(() => Assert.Equal(candidate, SessionKey.Parse(candidate).ToString())) is { } fault)
            {
                Assert.IsType<FormatException>(fault);
            }
        }
    });

    [Fact]
    public void Equals_CaseOrLeadingZeros_MakeAnotherSession()
    {
        Assert.NotEqual(SessionKey.Parse("acme/a"), SessionKey.Parse("acme/A"));
        Assert.NotEqual(SessionKey.Parse("acme/42"), SessionKey.Parse("acme/042"));
    }
}
