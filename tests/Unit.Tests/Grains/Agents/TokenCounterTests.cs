using Conversations.Grains.Agents;
using Conversations.History;
using Conversations.Turns;
using CsCheck;
using Microsoft.ML.Tokenizers;

namespace Conversations.Unit.Tests.Grains.Agents;

public sealed class TokenCounterTests
{
    private static readonly TokenCounter Counter = TokenCounter.For("o200k_base");

    [Theory]
    [InlineData("o200k_base", "tiktoken is great!", 6)]
    [InlineData("cl100k_base", "tiktoken is great!", 6)]
    [InlineData("o200k_base", "Donaudampfschifffahrtsgesellschaft", 10)]
    [InlineData("cl100k_base", "お誕生日おめでとう", 9)]
    [InlineData("o200k_base", "", 0)]
    public void Count_Text_IsWhatTheTokenizerSays(string encoding, string text, int tokens)
    {
        Assert.Equal(TiktokenTokenizer.CreateForEncoding(encoding).CountTokens(text), TokenCounter.For(encoding).Count(text));
        Assert.Equal(tokens, TokenCounter.For(encoding).Count(text));
    }

    [Fact]
    public void Count_LongText_IsTheSameInPieces()
    {
        var whole = TiktokenTokenizer.CreateForEncoding("o200k_base");
        Gen.OneOf("word", "Füchse", "3.14", "don't", "x = y;", "ノート", "🚀").Array[900, 1_500].Sample(
            words =>
            {
                var text = string.Join(' ', words);
                Assert.Equal(whole.CountTokens(text), Counter.Count(text));
            },
            iter: 20);
    }

    // Whole, this takes the tokenizer about a minute.
    [Fact]
    public void Count_WordWithoutEnd_IsBounded()
    {
        var text = new string('a', 400_000);

        var count = Counter.Count(text);

        Assert.InRange(count, 50_000, 50_000 + (400_000 / 1_024) + 1);
        Assert.InRange(Counter.Count(string.Concat(Enumerable.Repeat("🚀", 2_000))), 2_000, 3 * 2_000);
    }

    [Fact]
    public void Count_Items_CountsWhatAModelIsHanded()
    {
        Assert.Equal(4 + 1, Of(new Message(Role.User, [new InputText("hi")])));
        Assert.Equal(4 + 1 + 765 + 85, Of(new Message(Role.User, [new InputText("hi"), new InputImage("data:…", null, "auto"), new InputImage("data:…", null, "low")])));
        Assert.Equal(8 + 1 + 1, Of(new FunctionCall("call_1", "f", "{}")));
        Assert.Equal(4 + 1, Of(new FunctionCallOutput("call_1", "1")));
        Assert.Equal(4 + 1 + 765, Of(FunctionCallOutput.Of("call_1", [new InputText("1"), new InputImage("data:…", null, "auto")])));
        Assert.Equal(4 + 1, Of(new Compaction("hi")));
        Assert.Equal(0, Of(new Reasoning(["long thoughts"])));
        Assert.Equal(0, Of(null));
    }

    // What the base64 of a file has to do with words nobody knows; what matters is that a large one counts for much.
    [Theory]
    [InlineData("data:text/plain;base64,", 8_000 / 4)]
    [InlineData("data:application/pdf;base64,", 8_000 / 32)]
    public void Count_File_GrowsWithItsSize(string head, int tokens)
    {
        var file = new InputFile("a", head + Convert.ToBase64String(new byte[8_000]), null, null);

        Assert.Equal(4 + 4 + 1 + tokens, Of(new Message(Role.User, [file])));
    }

    private static int Of(ItemBody? body) => Counter.Count(ItemOf(body));

    private static Item ItemOf(ItemBody? body) => new(0, new ItemId(new TurnId(Guid.AllBitsSet), 0, 0), ItemStatus.Completed, body);
}
