using System.Runtime.CompilerServices;
using Conversations.History;
using Microsoft.ML.Tokenizers;

namespace Conversations.Grains.Agents;

/// <summary>Counts the tokens of items, each once for as long as it is in memory.</summary>
internal sealed class TokenCounter
{
    // What the chat format adds to each message, and to a call besides.
    public const int PerMessage = 4;

    // No tokenizer counts images. This is what a picture of 1024 × 1024 costs; one of low detail has a price of its own.
    private const int PerImage = 765;
    private const int PerSmallImage = 85;

    // Nor files, which the provider takes apart: text has a token for about four bytes; of any other kind most bytes are no words.
    private const int BytesPerToken = 4;
    private const int BytesPerTokenOfOthers = 32;

    // The tokenizer's work on one word grows with the square of its length: 400,000 letters without a space took it a minute.
    private const int LongestPiece = 1_024;

    private static readonly Lazy<TokenCounter> O200k = new(() => new TokenCounter("o200k_base"));
    private static readonly Lazy<TokenCounter> Cl100k = new(() => new TokenCounter("cl100k_base"));

    private readonly TiktokenTokenizer _tokenizer;
    private readonly ConditionalWeakTable<ItemBody, StrongBox<int>> _counted = [];

    private TokenCounter(string encoding) => _tokenizer = TiktokenTokenizer.CreateForEncoding(encoding);

    /// <summary>The counter of an encoding; it is loaded once, some 40 MB.</summary>
    public static TokenCounter For(string encoding) => encoding == "cl100k_base" ? Cl100k.Value : O200k.Value;

    /// <summary>How many tokens a model is handed for the item.</summary>
    public int Count(Item item) => item.Body is { } body ? _counted.GetValue(body, b => new StrongBox<int>(Count(b))).Value : 0;

    /// <summary>How many tokens a text has; of a word of more than 1,024 characters it may be one more for each of them.</summary>
    public int Count(string text)
    {
        var count = 0;
        var rest = text.AsSpan();
        while (rest.Length > LongestPiece)
        {
            // A word and the space before it are one token, so that a cut in front of the space changes nothing.
            var cut = rest[..LongestPiece].LastIndexOf(' ');
            if (cut <= 0) cut = char.IsHighSurrogate(rest[LongestPiece - 1]) ? LongestPiece - 1 : LongestPiece;
            count += _tokenizer.CountTokens(rest[..cut]);
            rest = rest[cut..];
        }

        return count + _tokenizer.CountTokens(rest);
    }

    private int Count(ItemBody body) => body switch
    {
        Message message => PerMessage + message.Content.Sum(Count),
        FunctionCall call => (2 * PerMessage) + Count(call.Name) + Count(call.Arguments),
        FunctionCallOutput { Parts: { } parts } => PerMessage + parts.Sum(Count),
        FunctionCallOutput output => PerMessage + Count(output.Output),
        Compaction compaction => PerMessage + Count(compaction.Summary),
        _ => 0,
    };

    private int Count(ContentPart part) => part switch
    {
        InputText text => Count(text.Text),
        OutputText text => Count(text.Text),
        RefusalText text => Count(text.Refusal),
        InputImage image => image.Detail == "low" ? PerSmallImage : PerImage,
        InputFile file => PerMessage + Count(file.Filename ?? "") + Count(FileContent.Of(file)),
        _ => 0,
    };

    private static int Count(DataUrl? content) => content is { } file
        ? file.Length / (file.MediaType.StartsWith("text/", StringComparison.Ordinal) ? BytesPerToken : BytesPerTokenOfOthers)
        : 0;
}
