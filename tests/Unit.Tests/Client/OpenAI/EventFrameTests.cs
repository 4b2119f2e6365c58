using System.Text;
using System.Text.Json;
using Conversations.Client.OpenAI.Shapes;
using Conversations.Client.OpenAI.Wire;
using Conversations.History;
using Conversations.Sessions;
using Conversations.Turns;

namespace Conversations.Unit.Tests.Client.OpenAI;

public sealed class EventFrameTests : IDisposable
{
    private static readonly SessionKey Key = SessionKey.Parse("acme/42");
    private readonly EventFrame _frame = new();

    [Theory]
    [InlineData(DeltaKind.Text)]
    [InlineData(DeltaKind.Arguments)]
    [InlineData(DeltaKind.Refusal)]
    [InlineData(DeltaKind.ReasoningSummary)]
    public void Write_Delta_IsWhatTheGeneratedCodeWrites(DeltaKind kind)
    {
        var delta = new Delta(7, 2, new ItemId(new TurnId(Guid.CreateVersion7()), 1, 3), kind, "Grüße 中 \"x\" \\ 👋\n<&>");
        var inTurn = EventShape.Of(Key, delta)!;

        Assert.Equal(Generated(inTurn), Encoding.UTF8.GetString(_frame.Write(inTurn)));

        var inSession = inTurn with { ResponseId = "resp_1" };
        Assert.Equal("id: 12.3\n" + Generated(inSession), Encoding.UTF8.GetString(_frame.Write(inSession, "12.3")));
    }

    public void Dispose() => _frame.Dispose();

    private static string Generated(WireEvent written) =>
        $"event: {written.Type}\ndata: {JsonSerializer.Serialize(written, WireJson.Context.WireEvent)}\n\n";
}
