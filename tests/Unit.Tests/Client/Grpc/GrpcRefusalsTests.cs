using Conversations.Client.Grpc;
using Conversations.Sessions;
using Google.Rpc;
using Grpc.Core;

namespace Conversations.Unit.Tests.Client.Grpc;

public sealed class GrpcRefusalsTests
{
    [Theory]
    [InlineData(RefusalCode.Invalid, StatusCode.InvalidArgument)]
    [InlineData(RefusalCode.TooLarge, StatusCode.InvalidArgument)]
    [InlineData(RefusalCode.SessionNotFound, StatusCode.NotFound)]
    [InlineData(RefusalCode.TurnNotFound, StatusCode.NotFound)]
    [InlineData(RefusalCode.ItemNotFound, StatusCode.NotFound)]
    [InlineData(RefusalCode.AgentNotFound, StatusCode.NotFound)]
    [InlineData(RefusalCode.SessionBusy, StatusCode.Aborted)]
    [InlineData(RefusalCode.QueueFull, StatusCode.ResourceExhausted)]
    [InlineData(RefusalCode.TooMany, StatusCode.ResourceExhausted)]
    [InlineData(RefusalCode.KeyReused, StatusCode.AlreadyExists)]
    [InlineData(RefusalCode.Moved, StatusCode.FailedPrecondition)]
    public void Write_Refusal_HasItsStatusAndItsName(RefusalCode code, StatusCode expected)
    {
        var written = GrpcRefusals.Write(new RefusalException(code, "Say it otherwise.", "input[0]"));

        Assert.Equal((expected, "Say it otherwise."), (written.StatusCode, written.Status.Detail));
        Assert.Equal(code.ToString(), written.Trailers.GetValue(GrpcRefusals.RefusalTrailer));
        Assert.Equal("input[0]", written.Trailers.GetValue(GrpcRefusals.ParameterTrailer));
        Assert.Equal(expected == StatusCode.ResourceExhausted, written.Trailers.GetValue(GrpcRefusals.RetryAfterTrailer) is not null);
    }

    [Fact]
    public void Write_Refusal_HasCanonicalDetails()
    {
        var invalid = GrpcRefusals.Write(new RefusalException(RefusalCode.TooLarge, "Send less.", "model")).GetRpcStatus()!;
        var full = GrpcRefusals.Write(new RefusalException(RefusalCode.QueueFull, "Later.")).GetRpcStatus()!;

        Assert.Equal(((int)StatusCode.InvalidArgument, "Send less."), (invalid.Code, invalid.Message));
        var reason = invalid.GetDetail<ErrorInfo>()!;
        Assert.Equal(("conversations", "TOO_LARGE", "options.agent"), (reason.Domain, reason.Reason, reason.Metadata["field"]));
        var violation = Assert.Single(invalid.GetDetail<BadRequest>()!.FieldViolations);
        Assert.Equal(("options.agent", "Send less."), (violation.Field, violation.Description));
        Assert.Null(invalid.GetDetail<RetryInfo>());
        Assert.Equal("QUEUE_FULL", full.GetDetail<ErrorInfo>()!.Reason);
        Assert.Equal(TimeSpan.FromSeconds(1), full.GetDetail<RetryInfo>()!.RetryDelay.ToTimeSpan());
    }

    [Fact]
    public void StatusOf_EveryCode_IsKnown()
    {
        foreach (var code in Enum.GetValues<RefusalCode>()) Assert.NotEqual(StatusCode.OK, GrpcRefusals.StatusOf(code));
    }

    [Theory]
    [InlineData("conversation", "session_id")]
    [InlineData("previous_response_id", "after_turn")]
    [InlineData("overlap_policy", "overlap")]
    [InlineData("Idempotency-Key", "idempotency_key")]
    [InlineData("model", "options.agent")]
    [InlineData("response_id", "turn_id")]
    [InlineData("tools[0].name", "options.tools[0].name")]
    [InlineData("expected_seq", "expected_seq")]
    public void Write_ParameterInTheDialectsSpelling_NamesTheField(string parameter, string field)
    {
        var written = GrpcRefusals.Write(new RefusalException(RefusalCode.Invalid, "No.", parameter));

        Assert.Equal(field, written.Trailers.GetValue(GrpcRefusals.ParameterTrailer));
    }

    [Fact]
    public void Write_ParameterBeyondAscii_FitsIntoATrailer()
    {
        var written = GrpcRefusals.Write(new RefusalException(RefusalCode.Invalid, "Too long.", "metadata.größe\n"));

        Assert.Equal("metadata.gr??e?", written.Trailers.GetValue(GrpcRefusals.ParameterTrailer));
    }

    [Fact]
    public void WriteUnavailable_Fault_SaysWhenToComeBack()
    {
        var written = GrpcRefusals.WriteUnavailable(TimeSpan.FromSeconds(1.5));

        Assert.Equal(StatusCode.Unavailable, written.StatusCode);
        Assert.Equal("1500", written.Trailers.GetValue(GrpcRefusals.RetryAfterTrailer));
    }
}
