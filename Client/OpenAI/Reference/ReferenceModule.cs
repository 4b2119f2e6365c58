using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using Conversations.Client.OpenAI.Wire;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.OpenApi;
using Scalar.AspNetCore;

namespace Conversations.Client.OpenAI.Reference;

/// <summary>The reference: what the endpoints take and answer, as OpenAPI 3.1 and as pages, and the contract of gRPC. It holds no data and needs no key.</summary>
internal static class ReferenceModule
{
    public const string DocumentPath = "/v1/openapi.json";
    public const string ProtoPath = "/v1/conversations.proto";
    public const string PagesPath = "/docs";

    public static IServiceCollection AddReference(this IServiceCollection services)
    {
        // What answers are written with is what they are described from.
        services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
            json.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;
            json.SerializerOptions.TypeInfoResolverChain.Insert(0, WireJsonContext.Default);
        });
        services.AddOpenApi(ReferenceDocument.Name, openApi =>
        {
            openApi.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
            openApi.ShouldInclude = endpoint => endpoint.ActionDescriptor.EndpointMetadata.OfType<Operation>().Any();
            openApi.CreateSchemaReferenceId = ReferenceSchemas.NameOf;
            openApi.AddSchemaTransformer(ReferenceSchemas.RequireWhatIsWritten);
            openApi.AddOperationTransformer(ReferenceText.Describe);
            openApi.AddDocumentTransformer(ReferenceText.Describe);
            openApi.AddDocumentTransformer(ReferenceSchemas.Complete);
        });
        services.TryAddSingleton<ReferenceDocument>();
        return services;
    }

    /// <summary>Lets the endpoints of a group be in the reference.</summary>
    public static RouteGroupBuilder WithReference(this RouteGroupBuilder group)
    {
        ((IEndpointConventionBuilder)group).Add(endpoint =>
        {
            if (endpoint is not RouteEndpointBuilder { RoutePattern.RawText: { } pattern } || !pattern.StartsWith(KnownPaths.Root, StringComparison.Ordinal)) return;
            var method = endpoint.Metadata.OfType<IHttpMethodMetadata>().FirstOrDefault()?.HttpMethods[0];
            if (method is null || Operations.Find(method, pattern[KnownPaths.Root.Length..]) is not { } operation) return;
            endpoint.Metadata.Add(operation);
            if (operation.Answer is { } answer) endpoint.Metadata.Add(new ProducesResponseTypeMetadata(200, answer, ["application/json"]));
            else if (!operation.IsSocket) endpoint.Metadata.Add(new ProducesResponseTypeMetadata(200, typeof(WireEvent), ["text/event-stream"]));
            foreach (var status in operation.Statuses) endpoint.Metadata.Add(new ProducesResponseTypeMetadata(status, typeof(WireErrorBody), ["application/json"]));
        });
        return group;
    }

    public static IEndpointRouteBuilder MapReference(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(DocumentPath, async (HttpContext http, ReferenceDocument document) =>
        {
            http.Response.ContentType = "application/json; charset=utf-8";
            await http.Response.BodyWriter.WriteAsync(await document.JsonAsync(), http.RequestAborted);
        });
        routes.MapGet(ProtoPath, async (HttpContext http) =>
        {
            http.Response.ContentType = "text/plain; charset=utf-8";
            await using var proto = Resource("conversations.proto");
            await proto.CopyToAsync(http.Response.Body, http.RequestAborted);
        });
        // Nothing comes from anywhere else: no fonts, no scripts, no telemetry, no proxy.
        routes.MapScalarApiReference(PagesPath, pages =>
        {
            pages.Title = "Conversations";
            pages.OpenApiRoutePattern = DocumentPath;
            pages.DefaultFonts = false;
            pages.Telemetry = false;
        });
        return routes;
    }

    internal static Stream Resource(string name) =>
        Assembly.GetExecutingAssembly().GetManifestResourceStream(name) ?? throw new InvalidOperationException($"{name} was not built in.");
}
