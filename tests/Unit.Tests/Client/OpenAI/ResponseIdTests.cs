using Conversations.Client.OpenAI.Shapes;
using Conversations.Turns;

namespace Conversations.Unit.Tests.Client.OpenAI;

public sealed class ResponseIdTests
{
    private static readonly TurnId Turn = new(new Guid("00112233-4455-6677-8899-aabbccddeeff"));

    [Theory]
    [InlineData("1")]
    [InlineData("01")]
    [InlineData("user-42")]
    [InlineData("a+b")]
    [InlineData("6f9619ff-8b86-d011-b42d-00cf4fc964ff")]
    public void ToString_AnySession_ReadsBack(string session)
    {
        var id = new ResponseId(session, Turn);

        Assert.True(ResponseId.TryParse(id.ToString(), out var read));
        Assert.Equal(id, read);
    }

    [Fact]
    public void ToString_LongestSession_FitsTheBound() => Assert.True(new ResponseId(new string('x', 256), Turn).ToString().Length <= 400);

    [Fact]
    public void ToString_Always_IsTheSame() => Assert.Equal("resp_AQARIjNEVWZ3iJmqu8zd7v80Mg", new ResponseId("42", Turn).ToString());

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("resp_")]
    [InlineData("resp_!")]
    [InlineData("resp_AQ")]
    [InlineData("msg_AQARIjNEVWZ3iJmqu8zd7v80Mg")]
    [InlineData("resp_AQARIjNEVWZ3iJmqu8zd7v80Mg==")]
    [InlineData("resp_ARARIjNEVWZ3iJmqu8zd7v80M")]
    [InlineData("resp_AgARIjNEVWZ3iJmqu8zd7v80Mg")]
    public void TryParse_NeverWritten_IsFalse(string? text) => Assert.False(ResponseId.TryParse(text, out _));
}
