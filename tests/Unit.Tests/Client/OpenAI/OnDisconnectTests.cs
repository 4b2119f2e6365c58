using Conversations.Client.OpenAI.Parsing;

namespace Conversations.Unit.Tests.Client.OpenAI;

public sealed class OnDisconnectTests
{
    [Theory]
    [InlineData(null, false)]
    [InlineData("", false)]
    [InlineData("continue", false)]
    [InlineData("cancel", true)]
    [InlineData(" Cancel ", true)]
    public void Read_Header_SaysWhetherToCancel(string? header, bool cancels) => Assert.Equal(cancels, OnDisconnect.Read(header));

    [Fact]
    public void Read_AnythingElse_IsRefused()
    {
        var error = Body.Refusal(() => OnDisconnect.Read("stop"));

        Assert.Equal((400, "X-On-Disconnect"), (error.Status, error.Param));
    }
}
