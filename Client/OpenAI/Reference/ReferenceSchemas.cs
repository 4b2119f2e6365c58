using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Conversations.Client.OpenAI.Wire;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Conversations.Client.OpenAI.Reference;

/// <summary>The schemas: of answers from the types that they are written from, of requests from <c>schemas.json</c>.</summary>
internal static class ReferenceSchemas
{
    /// <summary>The name of a type's schema.</summary>
    public static string? NameOf(JsonTypeInfo type) => OpenApiOptions.CreateDefaultSchemaReferenceId(type)?.Replace("Wire", "", StringComparison.Ordinal);

    /// <summary>A member that is not left out when it is null is always there.</summary>
    public static Task RequireWhatIsWritten(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        if (context.JsonTypeInfo.Kind != JsonTypeInfoKind.Object || schema.Properties is null) return Task.CompletedTask;
        var leftOut = context.JsonTypeInfo.Properties
            .Where(property => property.AttributeProvider?.IsDefined(typeof(JsonIgnoreAttribute), inherit: true) == true)
            .Select(property => property.Name);
        schema.Required = schema.Properties.Keys.Except(leftOut).ToHashSet();
        return Task.CompletedTask;
    }

    /// <summary>Adds the schemas of requests, and to those of answers what their types do not tell.</summary>
    public static async Task Complete(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        var known = document.Components!.Schemas!;
        known["SocketError"] = await context.GetOrCreateSchemaAsync(typeof(WireSocketError), null, cancellationToken);
        known["ErrorEvent"] = await context.GetOrCreateSchemaAsync(typeof(WireErrorEvent), null, cancellationToken);
        await using var file = ReferenceModule.Resource("schemas.json");
        var read = await OpenApiDocument.LoadAsync(file, "json", null, cancellationToken);
        foreach (var (name, schema) in read.Document!.Components!.Schemas!)
        {
            if (!known.TryGetValue(name, out var generated) || generated.Properties is not { } members)
            {
                AllowNull(schema);
                known[name] = schema;
                continue;
            }

            generated.Description = schema.Description ?? generated.Description;
            foreach (var (member, better) in schema.Properties ?? new Dictionary<string, IOpenApiSchema>()) members[member] = better;
        }

        known.Remove(nameof(RawJson));
    }

    // A member that a request may leave out may as well be null.
    private static void AllowNull(IOpenApiSchema schema)
    {
        foreach (var inner in (schema.AnyOf ?? []).Concat(schema.AllOf ?? []).Concat(schema.Properties?.Values ?? [])) AllowNull(inner);
        if (schema is OpenApiSchemaReference) return;
        if (schema.Items is { } items) AllowNull(items);
        foreach (var (name, member) in (schema.Properties ?? new Dictionary<string, IOpenApiSchema>()).Where(p => schema.Required?.Contains(p.Key) != true).ToList())
        {
            if (member is OpenApiSchema { Type: not null } typed)
            {
                typed.Type |= JsonSchemaType.Null;
                typed.Enum?.Add(JsonNullSentinel.JsonNull);
            }
            else if (member is OpenApiSchema { AnyOf: { } choice })
            {
                choice.Insert(0, new OpenApiSchema { Type = JsonSchemaType.Null });
            }
            else
            {
                schema.Properties![name] = new OpenApiSchema { OneOf = [new OpenApiSchema { Type = JsonSchemaType.Null }, member] };
            }
        }
    }
}
