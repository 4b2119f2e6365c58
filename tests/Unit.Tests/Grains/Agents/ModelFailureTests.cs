using System.ClientModel;
using System.ClientModel.Primitives;
using System.Net;
using System.Text.Json;
using Conversations.Grains.Agents;
using Conversations.Grains.Agents.Demo;
using Conversations.Grains.Tools;
using Microsoft.SemanticKernel;

namespace Conversations.Unit.Tests.Grains.Agents;

public sealed class ModelFailureTests
{
    private const string Secret = "Incorrect API key provided: sk-secret";

    private static readonly Agent Agent = new("helper", new AgentOptions(), new DemoChat(TimeSpan.Zero, TimeProvider.System), ToolGrant.None);

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
        { new EndOfStreamException(Secret), "model_unavailable" },
        { new JsonException(Secret), "model_malformed" },
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

    [Theory]
    [InlineData(400, false)]
    [InlineData(401, false)]
    [InlineData(404, false)]
    [InlineData(408, true)]
    [InlineData(422, false)]
    [InlineData(429, true)]
    [InlineData(500, true)]
    [InlineData(503, true)]
    public void IsPassing_Status_DependsOnWhoseFaultItIs(int status, bool passing) =>
        Assert.Equal(passing, ModelFailure.IsPassing(new HttpOperationException((HttpStatusCode)status, Secret, Secret, null)));

    [Fact]
    public void IsPassing_NoStatus_IsSoForWhatTheWireDoes()
    {
        Assert.All(
            new Exception[]
            {
                new TimeoutException(), new IOException(), new EndOfStreamException(), new HttpRequestException(), new JsonException(),
                new HttpOperationException("", new HttpRequestException()),
            },
            failure => Assert.True(ModelFailure.IsPassing(failure)));
        Assert.All(
            new Exception[] { new InvalidOperationException(), new ArgumentException(), new OperationCanceledException(), new NotSupportedException() },
            failure => Assert.False(ModelFailure.IsPassing(failure)));
    }

    [Theory]
    [InlineData("retry-after", "7", 7.0)]
    [InlineData("retry-after", "Sat, 01 Aug 2026 12:00:09 GMT", 9.0)]
    [InlineData("retry-after", "Sat, 01 Aug 2026 11:00:00 GMT", 0.0)]
    [InlineData("retry-after-ms", "1500", 1.5)]
    [InlineData("retry-after-ms", "-3", 0.0)]
    [InlineData("retry-after-ms", "1e300", null)]
    [InlineData("retry-after-ms", "NaN", null)]
    [InlineData("retry-after", "99999999999", null)]
    [InlineData("retry-after", "-1", null)]
    [InlineData("retry-after", "soon", null)]
    [InlineData("x-other", "7", null)]
    public void RetryAfter_Header_IsWhatTheProviderAsksFor(string name, string value, double? seconds)
    {
        var failure = new HttpOperationException(Secret, new ClientResultException(new Refusal(name, value)));

        Assert.Equal(seconds, ModelFailure.RetryAfter(failure, new DateTimeOffset(2026, 8, 1, 12, 0, 0, TimeSpan.Zero))?.TotalSeconds);
    }

    private sealed class Refusal(string name, string value) : PipelineResponse
    {
        public override int Status => 429;

        public override string ReasonPhrase => "";

        public override Stream? ContentStream { get; set; }

        public override BinaryData Content => BinaryData.FromString("");

        protected override PipelineResponseHeaders HeadersCore => new Headers(name, value);

        public override BinaryData BufferContent(CancellationToken cancellationToken = default) => Content;

        public override ValueTask<BinaryData> BufferContentAsync(CancellationToken cancellationToken = default) => new(Content);

        public override void Dispose()
        {
        }
    }

    private sealed class Headers(string only, string its) : PipelineResponseHeaders
    {
        public override IEnumerator<KeyValuePair<string, string>> GetEnumerator() => new[] { KeyValuePair.Create(only, its) }.AsEnumerable().GetEnumerator();

        public override bool TryGetValue(string name, out string? value) => (value = name == only ? its : null) is not null;

        public override bool TryGetValues(string name, out IEnumerable<string>? values) =>
            (values = TryGetValue(name, out var value) ? [value!] : null) is not null;
    }
}
