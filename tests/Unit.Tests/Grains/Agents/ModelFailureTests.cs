using System.ClientModel;
using System.Net;
using Conversations.Grains.Agents;
using Conversations.Grains.Agents.Demo;
using Microsoft.SemanticKernel;

namespace Conversations.Unit.Tests.Grains.Agents;

public sealed class ModelFailureTests
{
    private const string Secret = "Incorrect API key provided: sk-secret";

    private static readonly Agent Agent = new("helper", new AgentOptions(), new DemoChat(TimeSpan.Zero, TimeProvider.System), []);

    [Theory]
    [InlineData(400, "model_refused")]
    [InlineData(401, "model_unauthorized")]
    [InlineData(403, "model_unauthorized")]
    [InlineData(404, "model_unknown")]
    [InlineData(422, "model_refused")]
    [InlineData(429, "rate_limit_exceeded")]
    [InlineData(500, "model_unavailable")]
    [InlineData(503, "model_unavailable")]
    public void Describe_Status_IsItsCode(int status, string code)
    {
        var failure = new HttpOperationException((HttpStatusCode)status, Secret, Secret, null);

        Assert.Equal(code, ModelFailure.Describe(Agent, failure).Code);
        Assert.Equal(code, ModelFailure.Describe(Agent, new InvalidOperationException(Secret, failure)).Code);
    }

    public static TheoryData<Exception, string> WithoutAStatus => new()
    {
        { new TimeoutException(Secret), "model_timeout" },
        { new HttpRequestException(Secret), "model_unavailable" },
        { new HttpOperationException(Secret), "model_unavailable" },
        { new ClientResultException(Secret), "model_unavailable" },
        { new IOException(Secret), "model_unavailable" },
        { new InvalidOperationException(Secret), "model_unavailable" },
    };

    [Theory]
    [MemberData(nameof(WithoutAStatus), DisableDiscoveryEnumeration = true)]
    public void Describe_NoStatus_IsItsCode(Exception failure, string code) => Assert.Equal(code, ModelFailure.Describe(Agent, failure).Code);

    [Fact]
    public void Describe_AnyFailure_NamesTheAgentAndNeverQuotesTheProvider()
    {
        var failures = new[] { 302, 400, 401, 404, 429, 500 }
            .Select(status => (Exception)new HttpOperationException((HttpStatusCode)status, Secret, Secret, null))
            .Concat(WithoutAStatus.Select(row => (Exception)row[0]));

        Assert.All(failures, failure =>
        {
            var message = ModelFailure.Describe(Agent, failure).Message;
            Assert.Contains("'helper'", message, StringComparison.Ordinal);
            Assert.DoesNotContain("sk-", message, StringComparison.Ordinal);
        });
    }
}
