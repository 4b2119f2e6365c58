using System.Reflection;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Conversations.Client.OpenAI.Reference;

/// <summary>Puts what is known of the endpoints into the document.</summary>
internal static class ReferenceText
{
    private const string Scheme = "key";

    public static Task Describe(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var known = context.Description.ActionDescriptor.EndpointMetadata.OfType<Operation>().Single();
        operation.OperationId = known.Id;
        operation.Summary = known.Summary;
        operation.Tags = new HashSet<OpenApiTagReference> { new(known.Tag, context.Document) };
        var inPath = operation.Parameters?.OfType<OpenApiParameter>().Where(p => p.In == ParameterLocation.Path).Select(p => Parameters.InPath(p.Name!, known.Path)) ?? [];
        operation.Parameters = [.. inPath, .. known.Parameters];
        if (known.Body is { } body)
        {
            operation.RequestBody = new OpenApiRequestBody
            {
                Required = !known.BodyIsOptional,
                Content = new Dictionary<string, OpenApiMediaType> { ["application/json"] = new() { Schema = new OpenApiSchemaReference(body, context.Document) } },
            };
        }

        if (known.IsSocket) operation.Responses!["101"] = new OpenApiResponse { Content = Frames("application/json", "SocketError") };
        foreach (var (status, response) in operation.Responses!) response.Description = Operations.Meaning(status);
        if (known.Events is { } events)
        {
            operation.Responses["200"].Description += " " + events;
            operation.Responses["200"].Content!["text/event-stream"] = Frames("text/event-stream", "ErrorEvent")["text/event-stream"];
        }

        return Task.CompletedTask;

        Dictionary<string, OpenApiMediaType> Frames(string type, string error) => new()
        {
            [type] = new() { Schema = new OpenApiSchema { OneOf = [new OpenApiSchemaReference("Event", context.Document), new OpenApiSchemaReference(error, context.Document)] } },
        };
    }

    public static Task Describe(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = new OpenApiInfo
        {
            Title = "Conversations",
            Version = typeof(ReferenceText).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0],
            Description = "OpenAI's Responses and Conversations over conversations that survive their servers. The same over gRPC: /v1/conversations.proto.",
        };
        document.Tags = Operations.All.Select(operation => operation.Tag).Distinct().Select(tag => new OpenApiTag { Name = tag }).ToHashSet();
        // Wherever it is served from.
        document.Servers = [];
        document.AddComponent(Scheme, new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "A key of this service. It alone decides the tenant." });
        document.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Scheme, document)] = [] }];
        return Task.CompletedTask;
    }
}
