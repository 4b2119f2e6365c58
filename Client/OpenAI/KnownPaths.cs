using Conversations.Client.OpenAI.Errors;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.AspNetCore.Routing.Template;

namespace Conversations.Client.OpenAI;

/// <summary>Answers requests that no endpoint takes: of a path that there is, with what can be done to it.</summary>
internal sealed class KnownPaths(EndpointDataSource endpoints)
{
    /// <summary>What the paths of the dialect begin with.</summary>
    public const string Root = "/v1";

    public Task RefuseAsync(HttpContext http)
    {
        var (method, path) = (http.Request.Method, http.Request.Path);
        var methods = string.Join(", ", MethodsOf(path));
        if (methods.Length == 0) return new DialectError(404, "unknown_url", $"There is no {method} {path} here.").WriteAsync(http);
        http.Response.Headers.Allow = methods;
        return new DialectError(405, "method_not_allowed", $"{method} cannot be done to {path}: send {methods}.").WriteAsync(http);
    }

    private IEnumerable<string> MethodsOf(PathString path) => endpoints.Endpoints.OfType<RouteEndpoint>()
        .Where(endpoint => endpoint.RoutePattern is { RawText: { } text } && text.StartsWith(Root, StringComparison.Ordinal) && Matches(endpoint.RoutePattern, path))
        .SelectMany(endpoint => Told(endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? []))
        .Distinct(StringComparer.Ordinal)
        .Order(StringComparer.Ordinal);

    // What can be got has a head; what opens a WebSocket has none.
    private static IEnumerable<string> Told(IReadOnlyList<string> methods) => methods.Contains(HttpMethods.Connect)
        ? methods.Where(method => method != HttpMethods.Connect)
        : methods.Contains(HttpMethods.Get) ? methods.Append(HttpMethods.Head) : methods;

    private static bool Matches(RoutePattern pattern, PathString path) =>
        new TemplateMatcher(new RouteTemplate(pattern), new RouteValueDictionary()).TryMatch(path, new RouteValueDictionary());
}
