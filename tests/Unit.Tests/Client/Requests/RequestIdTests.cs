using Conversations.Client.Requests;
using Microsoft.AspNetCore.Http;

namespace Conversations.Unit.Tests.Client.Requests;

public sealed class RequestIdTests
{
    [Fact]
    public void Of_SaneId_IsTheCallers() => Assert.Equal("abc-123.X", Of("abc-123.X"));

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("a\"b")]
    [InlineData("ä")]
    public void Of_AnythingElse_IsOurs(string theirs) => Assert.StartsWith("req_", Of(theirs), StringComparison.Ordinal);

    [Fact]
    public void Of_TooLong_IsOurs() => Assert.StartsWith("req_", Of(new string('x', 129)), StringComparison.Ordinal);

    private static string Of(string theirs)
    {
        var http = new DefaultHttpContext();
        http.Request.Headers[RequestId.Header] = theirs;
        return RequestId.Of(http.Request, TimeProvider.System);
    }
}
