using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Conversations.History;

/// <summary>What an item says. Stored as JSON in the shape of the OpenAI dialect, without the id and the status.</summary>
[GenerateSerializer, Immutable, Alias("conversations.ItemBody")]
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(Message), "message")]
[JsonDerivedType(typeof(FunctionCall), "function_call")]
[JsonDerivedType(typeof(FunctionCallOutput), "function_call_output")]
[JsonDerivedType(typeof(Reasoning), "reasoning")]
[JsonDerivedType(typeof(Compaction), "compaction")]
[JsonDerivedType(typeof(ApprovalRequest), "conversations:approval_request")]
[JsonDerivedType(typeof(ApprovalResponse), "conversations:approval_response")]
public abstract record ItemBody
{
    /// <summary>What the ids of items of this type start with.</summary>
    [JsonIgnore]
    public abstract string IdPrefix { get; }
}

/// <summary>Something that somebody said.</summary>
/// <param name="Role">Who.</param>
/// <param name="Content">The parts, in order; never empty.</param>
[GenerateSerializer, Immutable, Alias("conversations.Message")]
public sealed record Message([property: Id(0)] Role Role, [property: Id(1)] ImmutableArray<ContentPart> Content) : ItemBody
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override string IdPrefix => "msg_";
}

/// <summary>The model asks for a function to be called.</summary>
/// <param name="CallId">The name that ties the call to its output.</param>
/// <param name="Name">The function's name.</param>
/// <param name="Arguments">The arguments as the model wrote them: JSON text, perhaps malformed.</param>
[GenerateSerializer, Immutable, Alias("conversations.FunctionCall")]
public sealed record FunctionCall(
    [property: Id(0)] string CallId, [property: Id(1)] string Name, [property: Id(2)] string Arguments) : ItemBody
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override string IdPrefix => "fc_";
}

/// <summary>What a function call came to.</summary>
/// <param name="CallId">The call that it answers.</param>
/// <param name="Output">The result as text; of parts, their text.</param>
/// <param name="Parts">The result as the caller brought it, if that was in parts; null: it was text.</param>
[GenerateSerializer, Immutable, Alias("conversations.FunctionCallOutput")]
public sealed record FunctionCallOutput(
    [property: Id(0)] string CallId, [property: Id(1)] string Output, [property: Id(2)] ImmutableArray<ContentPart>? Parts = null) : ItemBody
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override string IdPrefix => "fco_";

    /// <summary>A result in parts.</summary>
    public static FunctionCallOutput Of(string callId, ImmutableArray<ContentPart> parts) =>
        new(callId, string.Concat(parts.OfType<InputText>().Select(part => part.Text)), parts);
}

/// <summary>What the model thought before it answered, as far as it tells.</summary>
/// <param name="Summary">Summaries meant to be shown.</param>
/// <param name="EncryptedContent">The provider's own opaque form, or null.</param>
[GenerateSerializer, Immutable, Alias("conversations.Reasoning")]
public sealed record Reasoning(
    [property: Id(0)] ImmutableArray<string> Summary, [property: Id(1)] string? EncryptedContent = null) : ItemBody
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override string IdPrefix => "rs_";
}

/// <summary>Stands in for older items when the model is called; the originals stay readable.</summary>
/// <param name="Summary">What those items said.</param>
/// <param name="Through">The seq of the last item that it stands for; null: all before it.</param>
[GenerateSerializer, Immutable, Alias("conversations.Compaction")]
public sealed record Compaction([property: Id(0)] string Summary, [property: Id(1)] long? Through = null) : ItemBody
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override string IdPrefix => "cmp_";
}

/// <summary>A function call waits for a person's yes.</summary>
/// <param name="CallId">The call.</param>
/// <param name="Name">The function's name.</param>
/// <param name="Arguments">The arguments: JSON text.</param>
[GenerateSerializer, Immutable, Alias("conversations.ApprovalRequest")]
public sealed record ApprovalRequest(
    [property: Id(0)] string CallId, [property: Id(1)] string Name, [property: Id(2)] string Arguments) : ItemBody
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override string IdPrefix => "apr_";
}

/// <summary>A person's answer to an <see cref="ApprovalRequest"/>.</summary>
/// <param name="CallId">The call.</param>
/// <param name="Approve">Yes or no.</param>
/// <param name="Reason">Why, for the model; or null.</param>
[GenerateSerializer, Immutable, Alias("conversations.ApprovalResponse")]
public sealed record ApprovalResponse(
    [property: Id(0)] string CallId, [property: Id(1)] bool Approve, [property: Id(2)] string? Reason = null) : ItemBody
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override string IdPrefix => "apx_";
}

/// <summary>Who speaks in a <see cref="Message"/>.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Role>))]
public enum Role
{
    /// <summary>The person, or the program that speaks for one.</summary>
    [JsonStringEnumMemberName("user")] User,

    /// <summary>The model.</summary>
    [JsonStringEnumMemberName("assistant")] Assistant,

    /// <summary>The application: instructions that outrank the user's.</summary>
    [JsonStringEnumMemberName("system")] System,

    /// <summary>The application, in the newer spelling of the dialect.</summary>
    [JsonStringEnumMemberName("developer")] Developer,
}

/// <summary>One part of a message.</summary>
[GenerateSerializer, Immutable, Alias("conversations.ContentPart")]
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(InputText), "input_text")]
[JsonDerivedType(typeof(InputImage), "input_image")]
[JsonDerivedType(typeof(InputFile), "input_file")]
[JsonDerivedType(typeof(OutputText), "output_text")]
[JsonDerivedType(typeof(RefusalText), "refusal")]
public abstract record ContentPart;

/// <summary>Text that goes to the model.</summary>
/// <param name="Text">The text.</param>
[GenerateSerializer, Immutable, Alias("conversations.InputText")]
public sealed record InputText([property: Id(0)] string Text) : ContentPart;

/// <summary>An image that goes to the model.</summary>
/// <param name="ImageUrl">An http(s) or data URL, or null.</param>
/// <param name="FileId">The id of a stored file, or null. No caller can name one today.</param>
/// <param name="Detail">low, high, auto or original.</param>
[GenerateSerializer, Immutable, Alias("conversations.InputImage")]
public sealed record InputImage(
    [property: Id(0)] string? ImageUrl, [property: Id(1)] string? FileId, [property: Id(2)] string Detail) : ContentPart;

/// <summary>A file that goes to the model.</summary>
/// <param name="Filename">Its name, or null.</param>
/// <param name="FileData">Its content as a data URL or in base64, or null.</param>
/// <param name="FileUrl">Where it is, or null.</param>
/// <param name="FileId">The id of a stored file, or null. No caller can name one today.</param>
[GenerateSerializer, Immutable, Alias("conversations.InputFile")]
public sealed record InputFile(
    [property: Id(0)] string? Filename,
    [property: Id(1)] string? FileData,
    [property: Id(2)] string? FileUrl,
    [property: Id(3)] string? FileId) : ContentPart;

/// <summary>Text that came from the model.</summary>
/// <param name="Text">The text.</param>
[GenerateSerializer, Immutable, Alias("conversations.OutputText")]
public sealed record OutputText([property: Id(0)] string Text) : ContentPart;

/// <summary>The model declined to answer, in its own words.</summary>
/// <param name="Refusal">The words.</param>
[GenerateSerializer, Immutable, Alias("conversations.RefusalText")]
public sealed record RefusalText([property: Id(0)] string Refusal) : ContentPart;
