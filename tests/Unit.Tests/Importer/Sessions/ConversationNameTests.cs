using System.Text;
using Conversations.Importer.Sessions;
using Conversations.Sessions;
using CsCheck;

namespace Conversations.Unit.Tests.Importer.Sessions;

public sealed class ConversationNameTests
{
    [Theory]
    [InlineData("user-42", "user-42")]
    [InlineData("a@b.example:{x}~1", "a@b.example:{x}~1")]
    [InlineData("user/42", "user~2F42")]
    [InlineData("a b%", "a~20b~25")]
    [InlineData("Zoë", "Zo~C3~AB")]
    [InlineData("~2F", "~7E2F")]
    [InlineData(".", "~2E")]
    [InlineData("..", "~2E.")]
    [InlineData("conv_1", "~63onv_1")]
    public void TryWrite_Id_IsAsItWasWhereThatIsLegal(string session, string expected)
    {
        Assert.True(ConversationName.TryWrite(Encoding.UTF8.GetBytes(session), out var name));
        Assert.Equal(expected, name);
    }

    [Theory]
    [InlineData("")]
    [InlineData("////////////////////////////////////////////////////////////////////////////////////////")]
    public void TryWrite_EmptyOrTooLong_IsNoName(string session) => Assert.False(ConversationName.TryWrite(Encoding.UTF8.GetBytes(session), out _));

    [Fact]
    public void TryWrite_AnyBytes_IsLegalAndReadBack() =>
        Gen.OneOf(Gen.Byte, Gen.Char["~2F%conv_."].Select(c => (byte)c)).Array[1, 80].Sample(session =>
        {
            Assert.True(ConversationName.TryWrite(session, out var name));
            Assert.True(SessionKey.IsValidId(name));
            Assert.False(name.StartsWith("conv_", StringComparison.Ordinal));
            Assert.Equal(session, ConversationName.Read(name));
        });
}
