using Conversations.Client.OpenAI.Parsing;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Conversations.Unit.Tests.Client.OpenAI;

public sealed class ListQueryTests
{
    [Fact]
    public void Read_Nothing_IsTheNewestTwenty() => Assert.Equal(new ListQuery(20, true, null), Read(""));

    [Fact]
    public void Read_All_IsRead() => Assert.Equal(new ListQuery(100, false, null), Read("?limit=100&order=asc"));

    [Theory]
    [InlineData("?limit=101", "integer_above_max_value", "limit")]
    [InlineData("?limit=0", "integer_below_min_value", "limit")]
    [InlineData("?limit=x", "invalid_type", "limit")]
    [InlineData("?order=up", "invalid_value", "order")]
    [InlineData("?after=msg_x", "invalid_value", "after")]
    public void Read_RuleBroken_NamesTheParameter(string query, string code, string param)
    {
        var error = Body.Refusal(() => Read(query));

        Assert.Equal((400, code, param), (error.Status, error.Code, error.Param));
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("?stream=", false)]
    [InlineData("?stream=false", false)]
    [InlineData("?stream=true", true)]
    [InlineData("?stream=True", true)]
    public void ReadFlag_YesOrNo_IsRead(string query, bool expected) => Assert.Equal(expected, ListQuery.ReadFlag(QueryOf(query), "stream"));

    [Fact]
    public void ReadFlag_AnythingElse_IsRefused()
    {
        var error = Body.Refusal(() => ListQuery.ReadFlag(QueryOf("?stream=1"), "stream"));

        Assert.Equal((400, "invalid_type", "stream"), (error.Status, error.Code, error.Param));
    }

    private static ListQuery Read(string query) => ListQuery.Read(QueryOf(query));

    private static QueryCollection QueryOf(string query) => new(QueryHelpers.ParseQuery(query));
}
