using System.ClientModel;
using System.Net;
using System.Text.Json.Nodes;
using OpenAI.Responses;

namespace Conversations.EndToEnd.Tests.Parts;

/// <summary>Images and files over the wire.</summary>
[Collection(SmallClusterGroup.Name)]
public sealed class InputPartTests(SmallCluster cluster)
{
    private const string Png = "data:image/png;base64,iVBORw0KGgo=";

    private static readonly byte[] Pdf = "%PDF-1.4"u8.ToArray();

    [Fact]
    public async Task Parts_OfTheStockClient_ReachTheModelAndComeBackAsTheyWere()
    {
        var said = RunningCluster.NewSession();
        var client = new ResponsesClient(new ApiKeyCredential(Callers.Caller.DevelopmentKey), new ResponsesClientOptions
        {
            Endpoint = new Uri(cluster.Processes.Gateways[0].HttpUrl, "/v1"),
        });
        var options = new CreateResponseOptions
        {
            Model = "reader",
            InputItems =
            {
                ResponseItem.CreateUserMessageItem(
                [
                    ResponseContentPart.CreateInputTextPart(said),
                    ResponseContentPart.CreateInputImagePart(new Uri(Png), ResponseImageDetailLevel.High),
                    ResponseContentPart.CreateInputFilePart(BinaryData.FromBytes(Pdf), "application/pdf", "a.pdf"),
                ]),
            },
        };

        ResponseResult response = await client.CreateResponseAsync(options, CancellationToken.None);

        var shown = cluster.Model.Requests.Last(r => r.LastUser.Contains(said, StringComparison.Ordinal)).Body["messages"]![0]!["content"]!.AsArray();
        Assert.Equal(["text", "image_url", "text", "file"], shown.Select(part => (string)part!["type"]!));
        Assert.Equal(
            (Png, "high"), ((string)shown[1]!["image_url"]!["url"]!, (string)shown[1]!["image_url"]!["detail"]!));
        Assert.Equal("data:application/pdf;base64,JVBERi0xLjQ=", (string)shown[3]!["file"]!["file_data"]!);
        var input = (await cluster.Caller().GetAsync($"responses/{response.Id}/input_items")).Ok().Body["data"]![0]!["content"]!.AsArray();
        Assert.Equal(["input_text", "input_image", "input_file"], input.Select(part => (string)part!["type"]!));
        Assert.Equal(Png, (string)input[1]!["image_url"]!);
        Assert.Equal(("a.pdf", "data:application/pdf;base64,JVBERi0xLjQ="), ((string)input[2]!["filename"]!, (string)input[2]!["file_data"]!));
    }

    [Fact]
    public async Task Items_GivenBackAsTheyCame_AreTakenAndStayTheSame()
    {
        var first = RunningCluster.NewSession();
        var items = JsonNode.Parse(
            """
            [{"type":"message","role":"user","content":[
               {"type":"input_text","text":"Look"},
               {"type":"input_image","image_url":"https://example.org/a.png","detail":"low"},
               {"type":"input_file","filename":"a.txt","file_data":"YQ=="},
               {"type":"input_file","file_url":"https://example.org/a.pdf"}]},
             {"type":"message","role":"assistant","content":[
               {"type":"output_text","text":"A cat.","annotations":[{"type":"url_citation","url":"https://example.org","title":"x","start_index":0,"end_index":1}],"logprobs":[]},
               {"type":"refusal","refusal":"No more."}]},
             {"type":"function_call","call_id":"c1","name":"snap","arguments":"{}"},
             {"type":"function_call_output","call_id":"c1","output":[{"type":"input_text","text":"click"},{"type":"input_image","image_url":"data:image/gif;base64,R0lG"}]}]
            """)!.AsArray();
        await AppendAsync(first, items);
        var kept = await ListAsync(first);

        // As a client does that holds its history itself: ids, statuses and all.
        var second = RunningCluster.NewSession();
        await AppendAsync(second, kept.DeepClone().AsArray());

        Assert.Equal(WithoutIds(kept), WithoutIds(await ListAsync(second)));
        Assert.Equal(
            """[{"type":"input_text","text":"click"},{"type":"input_image","image_url":"data:image/gif;base64,R0lG","file_id":null,"detail":"auto"}]""",
            kept[3]!["output"]!.ToJsonString());
        Assert.Equal("https://example.org/a.pdf", (string)kept[0]!["content"]![3]!["file_url"]!);
    }

    [Fact]
    public async Task File_ForAnAgentThatTakesNone_IsRefusedByName()
    {
        var session = RunningCluster.NewSession();
        var answer = await cluster.Caller().PostAsync("responses", new JsonObject
        {
            ["conversation"] = session,
            ["input"] = JsonNode.Parse("""[{"role":"user","content":[{"type":"input_text","text":"x"},{"type":"input_file","filename":"a.pdf","file_data":"YQ=="}]}]"""),
        });

        Assert.Equal((HttpStatusCode.BadRequest, "input[0].content[1]"), (answer.Status, (string)answer.Body["error"]!["param"]!));
        Assert.Equal(HttpStatusCode.NotFound, (await cluster.Caller().GetAsync($"conversations/{session}")).Status);
    }

    private async Task AppendAsync(string session, JsonArray items) =>
        (await cluster.Caller().PostAsync($"conversations/{session}/items", new JsonObject { ["items"] = items })).Ok();

    private async Task<JsonArray> ListAsync(string session) =>
        (await cluster.Caller().GetAsync($"conversations/{session}/items?order=asc")).Ok().Body["data"]!.AsArray();

    private static IEnumerable<string> WithoutIds(JsonArray items) => items.Select(item =>
    {
        var copy = item!.DeepClone().AsObject();
        copy.Remove("id");
        return copy.ToJsonString();
    });
}
