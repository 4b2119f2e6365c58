using System.Text;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Conversations.Client.OpenAI.Reference;

/// <summary>The OpenAPI document of the endpoints that are mapped, made once.</summary>
internal sealed class ReferenceDocument([FromKeyedServices(ReferenceDocument.Name)] IOpenApiDocumentProvider provider)
{
    public const string Name = "v1";

    private Task<byte[]>? _json;

    /// <summary>The document as JSON.</summary>
    public Task<byte[]> JsonAsync() => _json ??= WriteAsync();

    private async Task<byte[]> WriteAsync()
    {
        var document = await provider.GetOpenApiDocumentAsync(CancellationToken.None);
        return Encoding.UTF8.GetBytes(await document.SerializeAsJsonAsync(OpenApiSpecVersion.OpenApi3_1, CancellationToken.None) + "\n");
    }
}
