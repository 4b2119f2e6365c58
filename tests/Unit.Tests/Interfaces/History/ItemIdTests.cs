using Conversations.History;
using Conversations.Turns;
using CsCheck;

namespace Conversations.Unit.Tests.Interfaces.History;

public sealed class ItemIdTests
{
    private static readonly Gen<ItemId> Ids = Gen.Select(
        Gen.Guid, Gen.Int[0, ushort.MaxValue], Gen.Int[0, int.MaxValue], (turn, attempt, index) => new ItemId(new TurnId(turn), attempt, index));

    public static TheoryData<string, string> Prefixes => new()
    {
        { Json(new Message(Role.User, [])), "msg_" },
        { Json(new FunctionCall("c", "f", "{}")), "fc_" },
        { Json(new FunctionCallOutput("c", "")), "fco_" },
        { Json(new Reasoning([])), "rs_" },
        { Json(new Compaction("")), "cmp_" },
        { Json(new ApprovalRequest("c", "f", "{}")), "apr_" },
        { Json(new ApprovalResponse("c", true)), "apx_" },
    };

    [Theory]
    [MemberData(nameof(Prefixes))]
    public void ToString_OfABody_IsItsPrefixAnd30Characters(string body, string prefix)
    {
        var text = new ItemId(new TurnId(Guid.AllBitsSet), 3, 7).ToString(System.Text.Json.JsonSerializer.Deserialize<ItemBody>(body)!);

        Assert.Matches($"^{prefix}[A-Za-z0-9_-]{{30}}$", text);
    }

    // Callers keep ids for years.
    [Fact]
    public void ToString_KnownId_IsWhatItAlwaysWas() => Assert.Equal(
        "AZjA3gAAcACAAAAAAAAAAQACAAAAAw",
        new ItemId(new TurnId(new Guid("0198c0de-0000-7000-8000-000000000001")), 2, 3).ToString());

    [Fact]
    public void TryParse_TextOfAnyId_IsThatIdWhateverItsType() => Ids.Sample(id =>
    {
        foreach (var prefix in Prefixes.Select(row => (string)((object[])row)[1]).Append("item_"))
        {
            Assert.True(ItemId.TryParse(prefix + id, out var read));
            Assert.Equal(id, read);
        }
    });

    [Fact]
    public void ToString_TwoPlaces_AreTwoIds() => Gen.Select(Ids, Ids).Sample((a, b) => (a == b) == (a.ToString() == b.ToString()));

    [Theory]
    [InlineData("")]
    [InlineData("msg")]
    [InlineData("msg_")]
    [InlineData("_AZjA3gAAcACAAAAAAAAAAQACAAAAAw")]
    [InlineData("MSG_AZjA3gAAcACAAAAAAAAAAQACAAAAAw")]
    [InlineData("resp_AZjA3gAAcACAAAAAAAAAAQACAAAAAw")]
    [InlineData("AZjA3gAAcACAAAAAAAAAAQACAAAAAw")]
    [InlineData("msg_AZjA3gAAcACAAAAAAAAAAQACAAAAA")]
    [InlineData("msg_AZjA3gAAcACAAAAAAAAAAQACAAAAAww")]
    [InlineData("msg_AZjA3gAAcACAAAAAAAAAAQACgAAAAw")]
    public void TryParse_NotOneOfOurs_IsFalse(string text) => Assert.False(ItemId.TryParse(text, out _));

    [Fact]
    public void TryParse_ThirtyCharactersThatAreNoBase64Url_IsFalse() => AnyText.Char.Array[30].Sample(digits =>
    {
        if (!digits.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')) Assert.False(ItemId.TryParse("msg_" + new string(digits), out _));
    });

    [Theory]
    [InlineData("msg_AZjA3gAAcACAAAAAAAAAAQACAAAA==")]
    [InlineData("msg_AZjA3gAAcACAAAAAAAAAAQACAAAAAx")]
    public void TryParse_AlmostOneOfOurs_IsFalse(string text) => Assert.False(ItemId.TryParse(text, out _));

    [Fact]
    public void TryParse_AnyDigits_IsFalseOrTheIdOfThatText() => Gen.Char["ABCDwxyz0189-_"].Array[30].Sample(digits =>
    {
        var text = new string(digits);
        if (ItemId.TryParse("msg_" + text, out var id)) Assert.Equal(text, id.ToString());
    });

    private static string Json(ItemBody body) => System.Text.Json.JsonSerializer.Serialize(body);
}
