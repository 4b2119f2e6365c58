using System.Buffers.Text;
using Conversations.History;

namespace Conversations.Grains.Agents;

/// <summary>What a file that a caller sent holds.</summary>
internal static class FileContent
{
    /// <summary>Its bytes and their type, which of bare base64 its name tells; null if the content did not come with it.</summary>
    public static DataUrl? Of(InputFile file)
    {
        if (file.FileData is not { } data) return null;
        if (DataUrl.IsMeant(data)) return DataUrl.TryParse(data, out var url) ? url : null;
        return Base64.IsValid(data) ? new DataUrl(TypeOf(file.Filename), data.AsMemory()) : null;
    }

    private static string TypeOf(string? name) => Path.GetExtension(name)?.ToLowerInvariant() switch
    {
        ".pdf" => "application/pdf",
        ".txt" or ".log" => "text/plain",
        ".md" => "text/markdown",
        ".csv" => "text/csv",
        ".htm" or ".html" => "text/html",
        ".json" => "application/json",
        ".xml" => "application/xml",
        ".docx" => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ".pptx" => "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        ".xlsx" => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        _ => "application/octet-stream",
    };
}
