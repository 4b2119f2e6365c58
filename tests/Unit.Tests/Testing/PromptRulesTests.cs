using System.Text.Json.Nodes;
using Conversations.Testing;
using Conversations.Testing.Invariants;

namespace Conversations.Unit.Tests.Testing;

/// <summary>The checker of the crash tests sees what it is there to see.</summary>
public sealed class PromptRulesTests
{
    private const string User = """{"role":"user","content":"ring"}""";
    private const string Call = """{"role":"assistant","tool_calls":[{"id":"c","type":"function","function":{"name":"ring","arguments":"{}"}}]}""";
    private const string Result = """{"role":"tool","tool_call_id":"c","content":"it rang"}""";

    [Theory]
    [InlineData(User)]
    [InlineData(User, Call, Result)]
    [InlineData(User, Call, Result, User)]
    public void Broken_ValidHistory_IsNothing(params string[] messages) => Assert.Empty(Broken(messages));

    [Theory]
    [InlineData(User, Result)]
    [InlineData(User, Call)]
    [InlineData(User, Call, User)]
    [InlineData(User, Call, Result, Result)]
    public void Broken_CallOrResultAlone_IsNamed(params string[] messages) => Assert.StartsWith("I9: ", Broken(messages)[0], StringComparison.Ordinal);

    private static List<string> Broken(string[] messages) =>
        [.. PromptRules.Broken(new ModelRequest(new JsonObject { ["messages"] = new JsonArray([.. messages.Select(m => JsonNode.Parse(m))]) }, default))];
}
