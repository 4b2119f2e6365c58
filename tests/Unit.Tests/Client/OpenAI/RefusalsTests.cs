using Conversations.Client.OpenAI.Errors;
using Conversations.Client.Sessions;
using Conversations.Sessions;
using Microsoft.AspNetCore.Http;

namespace Conversations.Unit.Tests.Client.OpenAI;

public sealed class RefusalsTests
{
    [Theory]
    [InlineData(RefusalCode.Invalid, 400, "invalid_value")]
    [InlineData(RefusalCode.SessionNotFound, 404, "conversation_not_found")]
    [InlineData(RefusalCode.TurnNotFound, 404, "response_not_found")]
    [InlineData(RefusalCode.ItemNotFound, 404, "item_not_found")]
    [InlineData(RefusalCode.AgentNotFound, 400, "model_not_found")]
    [InlineData(RefusalCode.SessionBusy, 409, "conversation_locked")]
    [InlineData(RefusalCode.QueueFull, 429, "conversation_queue_full")]
    [InlineData(RefusalCode.TooLarge, 413, "too_large")]
    [InlineData(RefusalCode.KeyReused, 422, "idempotency_key_reused")]
    [InlineData(RefusalCode.Moved, 412, "conversation_moved")]
    [InlineData(RefusalCode.TooMany, 429, "rate_limit_exceeded")]
    public void ErrorOf_Refusal_IsTheCallersFault(RefusalCode code, int status, string word)
    {
        var error = Refusals.ErrorOf(new RefusalException(code, "Do that.", "it"));

        Assert.Equal((status, "invalid_request_error", word, "Do that.", "it"), (error.Status, error.Type, error.Code, error.Message, error.Param));
        Assert.Equal(status == 429, error.RetryAfter is not null);
    }

    [Fact]
    public void ErrorOf_EveryRefusal_HasALine() =>
        Assert.All(Enum.GetValues<RefusalCode>(), code => Assert.InRange(Refusals.ErrorOf(new RefusalException(code, "")).Status, 400, 499));

    [Fact]
    public void ErrorOf_Unavailable_SaysWhenToComeBack()
    {
        var error = Refusals.ErrorOf(new UnavailableException(TimeSpan.FromSeconds(2), new TimeoutException()));

        Assert.Equal((503, "server_error", TimeSpan.FromSeconds(2)), (error.Status, error.Type, error.RetryAfter));
    }

    [Theory]
    [InlineData(400, "invalid_request")]
    [InlineData(408, "request_timeout")]
    public void ErrorOf_BodyThatDoesNotArrive_IsTheCallersFault(int status, string word)
    {
        var error = Refusals.ErrorOf(new BadHttpRequestException("Reading the request body timed out.", status));

        Assert.Equal((status, "invalid_request_error", word), (error.Status, error.Type, error.Code));
    }

    [Fact]
    public void ErrorOf_Fault_TellsNothing() => Assert.Same(DialectError.Fault, Refusals.ErrorOf(new InvalidOperationException("select * from secret")));
}
