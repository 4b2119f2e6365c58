using System.Text;
using System.Text.Json;
using Conversations.Client.OpenAI;
using Conversations.Client.OpenAI.Errors;
using Conversations.Client.OpenAI.Parsing;
using Conversations.Client.OpenAI.Shapes;
using Conversations.Client.OpenAI.Wire;
using Conversations.Grains.Agents;
using Conversations.Grains.Tools;
using Conversations.Sessions;
using Conversations.Testing;
using Conversations.Unit.Tests.Client.Sessions;
using CsCheck;

namespace Conversations.Unit.Tests.Client.OpenAI;

/// <summary>Whatever comes is understood, or refused by name: nothing else ever leaves the parser.</summary>
public sealed class MutatedRequestTests
{
    private static readonly Gen<string> Responses = Mutated(MutatedRequests.Response);

    [Fact]
    public void Mutated_UnchangedRequests_AreUnderstood()
    {
        CreateResponse.Read(Body.Of(MutatedRequests.Response));
        ItemAppends.Read(Body.Of(MutatedRequests.Items).Required("items"));
        ItemAppends.Read(Body.Of(MutatedRequests.Conversation).Required("items"));
    }

    [Fact]
    public void Read_AnyResponse_IsUnderstoodOrRefusedByName() =>
        Responses.Sample(json => IsSound(Encoding.UTF8.GetBytes(json), body => CreateResponse.Read(body)), iter: 3_000);

    [Fact]
    public void Read_AnyItems_AreUnderstoodOrRefusedByName() => Mutated(MutatedRequests.Items).Sample(
        json => IsSound(Encoding.UTF8.GetBytes(json), body => ItemAppends.Read(body.Required("items"))), iter: 1_000);

    [Fact]
    public void Read_AnyConversation_IsUnderstoodOrRefusedByName() => Mutated(MutatedRequests.Conversation).Sample(
        json => IsSound(
            Encoding.UTF8.GetBytes(json),
            body =>
            {
                Metadata.Read(body.Member("metadata"));
                if (body.Member("items") is { } items) ItemAppends.Read(items);
                if (body.Member("id")?.Text() is { } id) ConversationId.Read("acme", id, "id");
            }),
        iter: 1_000);

    [Fact]
    public void Read_AnyBytes_AreUnderstoodOrRefusedByName() =>
        Gen.Select(Gen.OneOf(MutatedRequests.Response, MutatedRequests.Items), Gen.Select(Gen.Int[0, 3_000], Gen.Byte, Gen.Int[0, 2]).Array[1, 4])
            .Sample((json, changes) => IsSound(Changed(Encoding.UTF8.GetBytes(json), changes), body => CreateResponse.Read(body)), iter: 3_000);

    [Fact]
    public void Read_AnyResponseThatIsUnderstood_CanBeEchoedAndReadBySilos() => Responses.Sample(
        json =>
        {
            if (Understood(json) is not { } options) return;
            var turn = ATurn.Running("a") with { Options = options };
            var echo = JsonSerializer.SerializeToUtf8Bytes(ResponseShape.Of(SessionKey.Parse("acme/42"), turn, []), WireJson.Context.WireResponse);
            Assert.Equal(JsonValueKind.Object, JsonElement.Parse(echo).ValueKind);
            ToolChoice.Read(options.ToolChoiceJson);
            ReplyForm.FormatOf(options);
            ReplyForm.EffortOf(options);
            Assert.True(Record.Exception(() => CallerTool.Read(options.ToolsJson)) is null or RefusalException { Parameter: not null });
        },
        iter: 3_000);

    private static Turns.TurnOptions? Understood(string json)
    {
        try
        {
            return CreateResponse.Read(Body.Of(json)).Options;
        }
        catch (DialectException)
        {
            return null;
        }
    }

    private static void IsSound(byte[] utf8, Action<RequestNode> read)
    {
        try
        {
            read(RequestBody.Parse(utf8));
        }
        catch (DialectException refused)
        {
            var error = refused.Error;
            Assert.InRange(error.Status, 400, 499);
            Assert.NotEmpty(error.Message);
            Assert.True(error.Param is not null || error.Code == "invalid_json" || error.Message == "The body must be an object.", error.ToString());
        }
    }

    private static byte[] Changed(byte[] bytes, (int Place, byte Value, int How)[] changes)
    {
        foreach (var (place, value, how) in changes)
        {
            var at = place % bytes.Length;
            bytes = how switch
            {
                0 => [.. bytes[..at], value, .. bytes[(at + 1)..]],
                1 => [.. bytes[..at], value, .. bytes[at..]],
                _ => [.. bytes[..(at + 1)]],
            };
        }

        return bytes;
    }

    private static Gen<string> Mutated(string request) => Gen.Int.Select(seed => new MutatedRequests(seed).Next(request));
}
