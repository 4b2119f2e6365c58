using System.Text.Json.Nodes;
using Conversations.Agents;
using Conversations.History;
using Conversations.Sessions;
using Conversations.Turns;
using static Conversations.Cluster.Tests.SessionCluster;

namespace Conversations.Cluster.Tests.Agents;

/// <summary>Images and files: the agent <c>reader</c> takes both, <c>scripted</c> images alone, <c>blind</c> none.</summary>
[Collection("cluster")]
public sealed class PartTests(SessionCluster cluster)
{
    private const string Png = "data:image/png;base64,iVBORw0KGgo=";

    private static readonly Message Shown = new(
        Role.User,
        [
            new InputText("What is this?"),
            new InputImage(Png, null, "low"),
            new InputImage("https://example.org/a.png", null, "auto"),
            new InputFile("a.pdf", "JVBERi0xLjQ=", null, null),
        ]);

    private static readonly string[] AsSent =
    [
        """{"type":"text","text":"What is this?"}""",
        """{"type":"image_url","image_url":{"url":"data:image/png;base64,iVBORw0KGgo=","detail":"low"}}""",
        """{"type":"image_url","image_url":{"url":"https://example.org/a.png"}}""",
        """{"type":"text","text":"[file: a.pdf]"}""",
        """{"type":"file","file":{"file_data":"data:application/pdf;base64,JVBERi0xLjQ="}}""",
    ];

    [Fact]
    public async Task Parts_OfARequest_ReachTheModelNowAndInEveryLaterTurnAndLife()
    {
        var key = cluster.NewKey();
        await TurnAsync(key, "reader", Shown);
        Assert.Equal(AsSent, PartsShown());

        await TurnAsync(key, "reader", Says("And now?"));
        Assert.Equal(AsSent, PartsShown());

        await cluster.Cluster.DeactivateAsync(cluster.Session(key));
        await TurnAsync(key, "reader", Says("And still?"));
        Assert.Equal(AsSent, PartsShown());
    }

    [Fact]
    public async Task Parts_OfAnotherAgentsTurn_AreToldToAnAgentThatDoesNotTakeThem()
    {
        var key = cluster.NewKey();
        await TurnAsync(key, "reader", Shown);
        await TurnAsync(key, "blind", Says("And now?"));

        Assert.Equal(
            "user: What is this?[an image that cannot be shown][an image that cannot be shown][a file that cannot be shown: a.pdf]",
            cluster.Model.Requests[^1].Messages[0]);
    }

    [Theory]
    [InlineData("blind", "input[0].content[1]")]
    [InlineData("scripted", "input[0].content[3]")]
    public async Task Parts_ThatTheAgentDoesNotTake_AreRefusedByNameAndNothingHappens(string agent, string part)
    {
        var key = cluster.NewKey();
        var calls = cluster.Model.Requests.Count;

        var refusal = await Assert.ThrowsAsync<RefusalException>(() => TurnAsync(key, agent, Shown));

        Assert.Equal((RefusalCode.Invalid, part), (refusal.Code, refusal.Parameter));
        Assert.Null(await cluster.Journal.FindSessionAsync(key, default));
        Assert.Equal(calls, cluster.Model.Requests.Count);
    }

    [Fact]
    public async Task Draft_WithParts_IsCountedOrRefusedAsARequest()
    {
        var drafts = cluster.Cluster.Client.GetGrain<IDraftGrain>(0);
        var draft = new Draft { Tenant = cluster.NewKey().Tenant, Input = [Shown], Options = new TurnOptions { Agent = "reader" } };

        Assert.InRange(await drafts.CountAsync(draft), 85 + 765, 85 + 765 + 50);
        var blind = draft with { Options = new TurnOptions { Agent = "blind" } };
        Assert.Equal("input[0].content[1]", (await Assert.ThrowsAsync<RefusalException>(() => drafts.CountAsync(blind))).Parameter);
        Assert.Equal("input[0].content[1]", (await Assert.ThrowsAsync<RefusalException>(() => drafts.CompactAsync(blind))).Parameter);
    }

    [Fact]
    public async Task Image_InACallersResult_IsShownBehindIt()
    {
        var key = cluster.NewKey();
        await TurnAsync(
            key, "scripted", Says("Take a picture."), new FunctionCall("c1", "snap", "{}"), FunctionCallOutput.Of("c1", [new InputText("click"), new InputImage(Png, null, "auto")]));

        Assert.Equal(
            ["user: Take a picture.", "assistant: snap({})#c1", "tool: click", "user: [What the call c1 of snap came to, besides its text:]"],
            cluster.Model.Requests[^1].Messages);
        Assert.Equal(Png, (string)cluster.Model.Requests[^1].Body["messages"]![3]!["content"]![1]!["image_url"]!["url"]!);
    }

    [Fact]
    public async Task EraseItem_WithParts_LeavesNothingOfThemOnDiskNorForTheModel()
    {
        var key = cluster.NewKey();
        var end = await TurnAsync(key, "reader", Shown);
        Assert.Equal(1, await RowsWithAsync(key, "iVBORw0KGgo="));

        await cluster.Session(key).EraseItemAsync(new ItemId(end.Turn.Id, 0, 0));
        await TurnAsync(key, "reader", Says("And now?"));

        Assert.Equal(0, await RowsWithAsync(key, "iVBORw0KGgo="));
        Assert.DoesNotContain("image_url", cluster.Model.Requests[^1].Body.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Summary_OfTurnsWithParts_IsMadeOfWhatTheModelTakes()
    {
        var key = cluster.NewKey();
        var picture = new Message(Role.User, [new InputText("Look."), new InputImage(Png, null, "auto")]);
        for (var i = 0; i < 4; i++) await TurnAsync(key, "compact", picture);

        var end = await TurnAsync(key, "compact", Says("And now?"));

        Assert.Equal(TurnStatus.Completed, end.Turn.Status);
        Assert.Single(end.Output, item => item.Body is Compaction);
        Assert.Contains(Png, cluster.Model.Requests[^2].Body.ToJsonString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Png, cluster.Model.Requests[^1].Body.ToJsonString(), StringComparison.Ordinal);
    }

    private static Message Says(string text) => new(Role.User, [new InputText(text)]);

    private async Task<TurnEnded> TurnAsync(SessionKey key, string agent, params ItemBody[] input)
    {
        var submitted = await cluster.Session(key).SubmitAsync(Say("") with { Input = [.. input], Options = new TurnOptions { Agent = agent } });
        return (TurnEnded)(await cluster.EventsAsync(key, submitted.Turn.Id))[^1];
    }

    // Of the first message. The connector makes up another name for a file at every call.
    private IEnumerable<string> PartsShown() => cluster.Model.Requests[^1].Body["messages"]![0]!["content"]!.AsArray().Select(part =>
    {
        if (part!["file"] is JsonObject file) file.Remove("filename");
        return part.ToJsonString();
    });

    private async Task<long> RowsWithAsync(SessionKey key, string text)
    {
        await using var command = cluster.Database.CreateCommand(
            "select count(*) from conversations.item where tenant = $1 and session = $2 and body::text like '%' || $3 || '%'");
        command.Parameters.AddWithValue(key.Tenant);
        command.Parameters.AddWithValue(key.Id);
        command.Parameters.AddWithValue(text);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
