using System.Collections.Immutable;
using Conversations.Grains.Agents;
using Conversations.Grains.Agents.Demo;
using Conversations.Grains.Tools;
using Conversations.History;
using Conversations.Sessions;

namespace Conversations.Unit.Tests.Grains.Agents;

public sealed class AgentInputTests
{
    private static readonly InputImage Image = new("https://example.org/a.png", null, "auto");
    private static readonly InputFile File = new("a.pdf", "YQ==", null, null);
    private static readonly InputFile Address = new(null, null, "https://example.org/a.pdf", null);

    [Fact]
    public void Check_TextForAnyAgent_IsTaken() => Assert.Null(Refusal(false, false, Says(new InputText("Hi")), new FunctionCallOutput("c", "x")));

    [Fact]
    public void Check_PartsThatTheAgentTakes_AreTaken() =>
        Assert.Null(Refusal(true, true, Says(Image, File), FunctionCallOutput.Of("c", [Image, File])));

    [Fact]
    public void Check_ImageForAnAgentThatTakesNone_IsRefusedByName()
    {
        var refusal = Refusal(false, true, Says(new InputText("Hi")), Says(new InputText("Look"), Image));

        Assert.Equal((RefusalCode.Invalid, "input[1].content[1]"), (refusal!.Code, refusal.Parameter));
        Assert.Contains("Agents:narrow:TakesImages", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_FileInAResultForAnAgentThatTakesNone_IsRefusedByName()
    {
        var refusal = Refusal(true, false, FunctionCallOutput.Of("c", [Image, File]));

        Assert.Equal("input[0].output[1]", refusal!.Parameter);
        Assert.Contains("Agents:narrow:TakesFiles", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_FileAtAnAddress_IsRefusedAndToldWhatToSend()
    {
        var refusal = Refusal(true, true, Says(Address));

        Assert.Equal("input[0].content[0]", refusal!.Parameter);
        Assert.Contains("file_data", refusal.Message, StringComparison.Ordinal);
    }

    private static RefusalException? Refusal(bool takesImages, bool takesFiles, params ItemBody[] input)
    {
        var options = new AgentOptions { TakesImages = takesImages, TakesFiles = takesFiles };
        var agent = new Agent("narrow", options, new DemoChat(TimeSpan.Zero, TimeProvider.System), ToolGrant.None);
        return (RefusalException?)Record.Exception(() => AgentInput.Check(agent, ImmutableArray.Create(input)));
    }

    private static Message Says(params ContentPart[] parts) => new(Role.User, [.. parts]);
}
