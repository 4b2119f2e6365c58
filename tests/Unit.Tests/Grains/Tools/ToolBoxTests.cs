using Conversations.Grains.Agents;
using Conversations.Grains.Agents.Demo;
using Conversations.Grains.Tools;
using Conversations.Sessions;
using Conversations.Turns;

namespace Conversations.Unit.Tests.Grains.Tools;

public sealed class ToolBoxTests
{
    private const string Look = """[{"type":"function","name":"look","description":null,"parameters":null,"strict":null}]""";

    private static readonly Agent Bare = new("bare", new AgentOptions(), new DemoChat(TimeSpan.Zero, TimeProvider.System), ToolGrant.None);

    [Theory]
    [InlineData("\"required\"", null)]
    [InlineData("""{"type":"function","name":"touch"}""", Look)]
    [InlineData("""{"type":"allowed_tools","mode":"auto","tools":[{"type":"function","name":"touch"}]}""", Look)]
    public void For_ChoiceOfWhatIsNotThere_IsRefusedByName(string choice, string? tools)
    {
        var refusal = Assert.Throws<RefusalException>(() => ToolBox.For(Bare, new TurnOptions { ToolChoiceJson = choice, ToolsJson = tools }));

        Assert.Equal((RefusalCode.Invalid, "tool_choice"), (refusal.Code, refusal.Parameter));
    }

    [Theory]
    [InlineData("\"required\"", Look)]
    [InlineData("\"none\"", null)]
    [InlineData("\"auto\"", null)]
    public void For_ChoiceThatCanBeMade_IsTaken(string choice, string? tools) =>
        Assert.Equal(tools is not null, ToolBox.For(Bare, new TurnOptions { ToolChoiceJson = choice, ToolsJson = tools }).IsCallers("look"));
}
