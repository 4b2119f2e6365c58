using Conversations.Client.OpenAI.Errors;
using Conversations.Client.OpenAI.Wire;
using Conversations.Client.Sessions;

namespace Conversations.Client.OpenAI;

/// <summary><c>/v1/models</c>: agents, which is what a request's <c>model</c> names.</summary>
internal sealed class ModelEndpoints(AgentNames names)
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/models", (HttpContext http, ModelEndpoints models) => models.ListAsync(http));
        routes.MapGet("/models/{id}", (HttpContext http, string id, ModelEndpoints models) => models.GetAsync(http, id));
    }

    private async Task ListAsync(HttpContext http)
    {
        var list = new WireModelList([.. (await names(http.RequestAborted)).Select(name => new WireModel(name))]);
        await http.Response.WriteAsJsonAsync(list, WireJson.Context.WireModelList, cancellationToken: http.RequestAborted);
    }

    private async Task GetAsync(HttpContext http, string id)
    {
        if (!(await names(http.RequestAborted)).Contains(id)) throw new DialectException(404, "model_not_found", $"The model '{id}' does not exist.", "model");
        await http.Response.WriteAsJsonAsync(new WireModel(id), WireJson.Context.WireModel, cancellationToken: http.RequestAborted);
    }
}
