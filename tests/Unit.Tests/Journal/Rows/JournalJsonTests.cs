using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Conversations.History;
using Conversations.Journal.Rows;
using Conversations.Turns;
using Conversations.Unit.Tests.Interfaces;
using CsCheck;

namespace Conversations.Unit.Tests.Journal.Rows;

public sealed class JournalJsonTests
{
    private static readonly DateTimeOffset Start = ContractSamples.Start;

    [Fact]
    public void ReadSnapshot_OfFormat1_HasTheHead()
    {
        var snapshot = Yesterday();

        Assert.Equal((Start, 47L, 12L, 40L), (snapshot.CreatedAt.ToUniversalTime(), snapshot.ItemCount, snapshot.TurnCount, snapshot.WindowFrom));
        Assert.Equal(
            (new Guid("0198c0de-0000-7000-8000-000000000003"), "silo-2", "10.0.0.2:11111@42"),
            (snapshot.NewestTurn, snapshot.Silo, snapshot.SiloAddress));
        Assert.Equal(ContractSamples.Metadata, snapshot.Data!.Metadata!.ToDictionary());
    }

    [Fact]
    public void ReadSnapshot_OfFormat1_HasItemsOfEveryType()
    {
        var given = (int index, ItemBody? body) => new Item(40 + index, ContractSamples.Name(index), ItemStatus.Completed, body);
        Item[] expected =
        [
            given(0, new Message(Role.User,
            [
                new InputText("Grüße 中 👋 \"x\""),
                new InputImage("https://example.org/a.png", null, "low"),
                new InputFile("a.txt", null, null, "file_2"),
            ])),
            given(1, new Message(Role.System, [new InputText("Rules")])),
            new(42, ContractSamples.Name(2), ItemStatus.Completed, new Reasoning(["One", "Two"], "opaque"), new Emission(2, new DeltaLengths(new byte[] { 3 }))),
            new(43, ContractSamples.Name(3), ItemStatus.Completed, new FunctionCall("call_1", "weather", "{\"city\":"), new Emission(8, new DeltaLengths(new byte[] { 8 }))),
            new(44, ContractSamples.Name(4), ItemStatus.Completed, new FunctionCallOutput("call_1", "rain"), new Emission(12, DeltaLengths.None)),
            new(45, ContractSamples.Name(5, 1), ItemStatus.Incomplete, new Message(Role.Assistant, [new OutputText("Hi"), new RefusalText("No.")]), new Emission(1_000_001, new DeltaLengths(new byte[] { 1, 1 }))),
            new(46, ContractSamples.Name(6, 1), ItemStatus.Completed, null, new Emission(1_000_009, DeltaLengths.None)),
            new(47, ContractSamples.Name(7, 1), ItemStatus.Completed, new Compaction("They said hello."), new Emission(1_000_011, DeltaLengths.None)),
        ];

        Assert.Equal(expected.Select(AnyText.Json), Yesterday().Items!.Select(row => AnyText.Json(row.ToItem())));
    }

    [Fact]
    public void ReadSnapshot_OfFormat1_HasTurnsInEveryState()
    {
        var rows = Yesterday().Turns!;
        var queued = new Turn
        {
            Id = new TurnId(new Guid("0198c0de-0000-7000-8000-000000000002")),
            Order = 8,
            Status = TurnStatus.Queued,
            Options = new TurnOptions { Agent = "demo" },
            Fingerprint = new byte[] { 0xAB },
            CreatedAt = Start,
            InputCount = 1,
            WasQueued = true,
        };

        Assert.Equal(Enum.GetValues<TurnStatus>(), rows.Select(row => row.ToTurn().Status).Order());
        Assert.Equal(AnyText.Json(queued), AnyText.Json(rows[1].ToTurn()));
        Assert.Equal(
            AnyText.Json(new Message(Role.User, [new InputText("Next")])), AnyText.Json(Assert.Single(rows[1].Input!)));
        // Of format 1 on its first day: without what was added later.
        Assert.Equal(AnyText.Json(ContractSamples.Turn with { Stop = StopWish.None }), AnyText.Json(rows[0].ToTurn()));
    }

    [Fact]
    public void ReadOptions_FewMembers_LeavesNoneNull() =>
        Assert.Equal(
            AnyText.Json(new TurnOptions { Agent = "demo" }), AnyText.Json(JournalJson.ReadOptions("""{"agent":"demo","store":true}""")));

    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("")]
    [InlineData("""{"type":"unheard_of"}""")]
    public void ReadBody_WhatItDoesNotKnow_IsAFaultOfItsOwnKind(string json)
    {
        var fault = Record.Exception(() => JournalJson.ReadBody(json));

        Assert.True(fault is JsonException or NotSupportedException, $"{fault}");
    }

    [Fact]
    public void Write_Delta_IsFormat1() => Assert.Equal(
        JsonNode.Parse(Resource("format-1.delta.json"))!.ToJsonString(), JsonNode.Parse(JournalJson.Write(Delta))!.ToJsonString());

    [Fact]
    public void Write_Delta_HasTheColumnsThatTheSqlTakesApart()
    {
        var delta = JsonNode.Parse(JournalJson.Write(Delta))!.AsObject();

        Assert.Equal([.. JournalColumns.Head.Order()], Names(delta));
        Assert.Equal([.. JournalColumns.Set("items").Order()], Names(delta["items"]![0]));
        Assert.Equal([.. JournalColumns.Set("accepted").Order()], Names(delta["accepted"]![0]));
        Assert.Subset(Names(delta["turns"]![0]).ToHashSet(), JournalColumns.Set("turns").ToHashSet());
    }

    [Fact]
    public void ReadSnapshot_Members_AreWhatTheSqlPutsTogether()
    {
        Assert.Equal(Names(JournalJsonContext.Default.SessionSnapshot), JournalColumns.Snapshot.Order());
        Assert.Equal(Names(JournalJsonContext.Default.Options.GetTypeInfo(typeof(TurnRow))), JournalColumns.Read('u').Order());
        Assert.Equal(Names(JournalJsonContext.Default.Options.GetTypeInfo(typeof(ItemRow))), JournalColumns.Read('n').Order());
    }

    [Theory]
    [InlineData("Grüße")]
    [InlineData("中文")]
    [InlineData("<b>&'+</b>")]
    [InlineData("Здравствуй")]
    public void Write_Text_StaysAsPeopleWroteIt(string text) =>
        Assert.Contains(text, Encoding.UTF8.GetString(JournalJson.Write(DeltaWith(text))), StringComparison.Ordinal);

    [Fact]
    public void Write_AnyText_IsReadAsItWas() => AnyText.Any.Select(AnyText.Storable).Sample(text =>
    {
        var body = JsonNode.Parse(JournalJson.Write(DeltaWith(text)))!["items"]![0]!["body"]!.ToJsonString();

        Assert.Equal(text, Assert.IsType<Compaction>(JournalJson.ReadBody(body)).Summary);
    });

    [Fact]
    public void ReadBody_Compaction_KnowsWhatItStandsForOrThatItIsAllBefore()
    {
        Assert.Equal(new Compaction("Hm.", 7), JournalJson.ReadBody("""{"type":"compaction","summary":"Hm.","through":7}"""));
        Assert.Equal(new Compaction("Hm."), JournalJson.ReadBody("""{"type":"compaction","summary":"Hm."}"""));
    }

    [Fact]
    public void TurnRow_OfATurn_IsThatTurn()
    {
        Assert.Equal(AnyText.Json(ContractSamples.Turn), AnyText.Json(TurnRow.From(ContractSamples.Turn, null).ToTurn()));
        var young = ContractSamples.Turn with { Attempts = [], Usage = null, Error = null, Reason = null, MergedInto = null, EndedAt = null, Stop = StopWish.None };
        Assert.Equal(AnyText.Json(young), AnyText.Json(TurnRow.From(young, null).ToTurn()));
    }

    [Fact]
    public void ItemRow_OfAnItem_IsThatItem() => Assert.All(
        new[] { ContractSamples.Item, ContractSamples.Item with { Emission = null }, ContractSamples.Item with { Body = null } },
        item => Assert.Equal(AnyText.Json(item), AnyText.Json(ItemRow.From(item).ToItem())));

    private static SessionDelta Delta { get; } = new()
    {
        CreatedAt = Start,
        ItemCount = 47,
        TurnCount = 12,
        WindowFrom = 40,
        NewestTurn = ContractSamples.Id.Value,
        Silo = "silo-2",
        SiloAddress = "10.0.0.2:11111@42",
        Parent = "41",
        ParentSeq = 40,
        Data = new SessionData { Metadata = ContractSamples.Metadata },
        Items = [.. ContractSamples.Bodies.Select((body, i) => ItemRow.From(ContractSamples.Item with { Seq = 41 + i, Body = body }))],
        Accepted = [TurnRow.From(ContractSamples.Turn, ContractSamples.Bodies)],
        Turns = [TurnRow.From(ContractSamples.Turn, ContractSamples.Bodies)],
        Erased = [new ErasedRow(3, null), new ErasedRow(4, 17)],
        Forgotten = [ContractSamples.Id.Value],
    };

    private static SessionDelta DeltaWith(string text) => Delta with { Items = [ItemRow.From(ContractSamples.Item with { Body = new Compaction(text) })] };

    private static SessionSnapshot Yesterday() => JournalJson.ReadSnapshot(Encoding.UTF8.GetBytes(Resource("format-1.snapshot.json")));

    private static IEnumerable<string> Names(JsonNode? node) => node!.AsObject().Select(member => member.Key).Order();

    private static IEnumerable<string> Names(System.Text.Json.Serialization.Metadata.JsonTypeInfo type) => type.Properties.Select(p => p.Name).Order();

    private static string Resource(string name)
    {
        using var reader = new StreamReader(typeof(JournalJsonTests).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
