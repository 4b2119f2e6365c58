using System.Net;
using System.Text;
using Conversations.EndToEnd.Tests.Callers;

namespace Conversations.EndToEnd.Tests.Browsers;

/// <summary>What a browser sends for a page whose origin is in <c>Http:CorsOrigins</c>.</summary>
[Collection(SmallClusterGroup.Name)]
public sealed class BrowserTests(SmallCluster cluster)
{
    [Theory]
    [InlineData(SmallCluster.Page, true)]
    [InlineData("https://other.example", false)]
    public async Task Stream_AskedForByAPage_IsLetThroughIfItsOriginIsNamed(string origin, bool isNamed)
    {
        using var http = new HttpClient();
        using var preflight = Request(HttpMethod.Options, origin);
        preflight.Headers.Add("Access-Control-Request-Method", "POST");
        preflight.Headers.Add("Access-Control-Request-Headers", "authorization,content-type,x-stainless-lang");
        using var allowed = await http.SendAsync(preflight);
        using var post = Request(HttpMethod.Post, origin);
        post.Headers.Authorization = new("Bearer", Caller.DevelopmentKey);
        post.Content = new StringContent("""{"input": "hi", "stream": true}""", Encoding.UTF8, "application/json");
        using var answer = await http.SendAsync(post);

        Assert.Equal(HttpStatusCode.NoContent, allowed.StatusCode);
        Assert.Equal(isNamed, allowed.Headers.Contains("Access-Control-Allow-Headers"));
        Assert.Equal((HttpStatusCode.OK, isNamed ? origin : null), (answer.StatusCode, Answer.HeaderOf(answer, "Access-Control-Allow-Origin")));
        Assert.Contains("response.completed", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private HttpRequestMessage Request(HttpMethod method, string origin)
    {
        var request = new HttpRequestMessage(method, new Uri(cluster.Gateway, "/v1/responses"));
        request.Headers.Add("Origin", origin);
        return request;
    }
}
