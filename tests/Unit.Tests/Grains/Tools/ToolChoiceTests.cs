using Conversations.Grains.Tools;

namespace Conversations.Unit.Tests.Grains.Tools;

public sealed class ToolChoiceTests
{
    [Theory]
    [InlineData(null, "Auto", true)]
    [InlineData("\"auto\"", "Auto", true)]
    [InlineData("\"none\"", "None", true)]
    [InlineData("\"required\"", "Required", true)]
    [InlineData("""{"type":"function","name":"look"}""", "Required", false)]
    [InlineData("""{"type":"allowed_tools","mode":"auto","tools":[{"type":"function","name":"look"}]}""", "Auto", false)]
    [InlineData("""{"type":"allowed_tools","mode":"required","tools":[{"type":"function","name":"look"}]}""", "Required", false)]
    public void Read_AnyChoice_SaysWhetherToCallAndWhatIsOffered(string? json, string mode, bool offersOthers)
    {
        var choice = ToolChoice.Read(json);
        Assert.Equal(mode, choice.Mode.ToString());
        Assert.True(choice.Offers("look"));
        Assert.Equal(offersOthers, choice.Offers("touch"));
    }
}
