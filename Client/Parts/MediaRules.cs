using System.Buffers.Text;
using Conversations.History;

namespace Conversations.Client.Parts;

/// <summary>The rules for images and files, whichever wire they come by: what is wrong with a value, or null.</summary>
internal static class MediaRules
{
    /// <summary>What is said of the id of a stored file.</summary>
    public const string NoFiles = "is not supported: files are not kept here, so send the content itself.";

    /// <summary>The place of an image: an http(s) address, or its bytes in a data URL.</summary>
    public static MediaFault? OfImage(string url)
    {
        if (!DataUrl.IsMeant(url)) return OfAddress(url, "must be an http, https or data URL.");
        if (!DataUrl.TryParse(url, out var data)) return MediaFault.Malformed("is no data URL in base64: write it like data:image/png;base64,….");
        if (data.Length == 0) return MediaFault.Malformed("holds an image of no bytes.");
        return data.MediaType is "image/png" or "image/jpeg" or "image/jpg" or "image/gif" or "image/webp"
            ? null
            : MediaFault.Unsupported("holds no image/png, image/jpeg, image/gif or image/webp: send one of these.");
    }

    /// <summary>The content of a file: a data URL, or base64.</summary>
    public static MediaFault? OfFile(string content)
    {
        if (!DataUrl.IsMeant(content))
        {
            return !Base64.IsValid(content, out var length) ? MediaFault.Malformed("is neither base64 nor a data URL in base64, like data:application/pdf;base64,….")
                : length == 0 ? MediaFault.Malformed("holds a file of no bytes.")
                : null;
        }

        if (!DataUrl.TryParse(content, out var data)) return MediaFault.Malformed("is no data URL in base64: write it like data:application/pdf;base64,….");
        if (data.Length == 0) return MediaFault.Malformed("holds a file of no bytes.");
        return data.MediaType.Split('/')[0] switch
        {
            "image" => MediaFault.Unsupported("holds an image: send it as an input_image."),
            "audio" or "video" => MediaFault.Unsupported("holds sound or moving pictures, which are not taken here."),
            _ => null,
        };
    }

    /// <summary>Whether the content says nothing of its type, so that a name must.</summary>
    public static bool NeedsName(string content) => !DataUrl.IsMeant(content);

    /// <summary>The address of a file.</summary>
    public static MediaFault? OfAddress(string url) => OfAddress(url, "must be an http or https URL.");

    private static MediaFault? OfAddress(string url, string otherwise) =>
        Uri.TryCreate(url, UriKind.Absolute, out var address) && address is { Scheme: "http" or "https" } ? null : MediaFault.Malformed(otherwise);
}

/// <summary>What is wrong with an image or a file.</summary>
/// <param name="Code">A word of the HTTP dialect for it.</param>
/// <param name="What">The rest of a sentence that begins with the parameter's name.</param>
internal sealed record MediaFault(string Code, string What)
{
    public static MediaFault Malformed(string what) => new("invalid_value", what);

    public static MediaFault Unsupported(string what) => new("unsupported_value", what);
}
