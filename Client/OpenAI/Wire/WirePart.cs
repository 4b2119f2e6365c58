using System.Text.Json.Serialization;

namespace Conversations.Client.OpenAI.Wire;

/// <summary>A part of a message, or of a reasoning's summary.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(WireInputText), "input_text")]
[JsonDerivedType(typeof(WireInputImage), "input_image")]
[JsonDerivedType(typeof(WireInputFile), "input_file")]
[JsonDerivedType(typeof(WireOutputText), "output_text")]
[JsonDerivedType(typeof(WireRefusal), "refusal")]
[JsonDerivedType(typeof(WireSummaryText), "summary_text")]
internal abstract record WirePart;

internal sealed record WireInputText(string Text) : WirePart;

internal sealed record WireInputImage(string? ImageUrl, string? FileId, string Detail) : WirePart;

/// <summary>A file. Its members are left out where there is none: the dialect's may be missing, but not null.</summary>
internal sealed record WireInputFile(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Filename,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? FileData,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? FileUrl,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? FileId) : WirePart;

internal sealed record WireOutputText(string Text, IReadOnlyList<string> Annotations, IReadOnlyList<string> Logprobs) : WirePart
{
    public WireOutputText(string text)
        : this(text, [], [])
    {
    }
}

internal sealed record WireRefusal(string Refusal) : WirePart;

internal sealed record WireSummaryText(string Text) : WirePart;
