using Conversations.Journal.Migrations;
using Conversations.Journal.Sharding;
using Microsoft.Extensions.Configuration;

namespace Conversations.Unit.Tests.Journal.Sharding;

public sealed class ConnectionListTests
{
    [Fact]
    public void Read_OneString_IsOneDatabase() => Assert.Equal(["a"], Read(("Conversations", "a")));

    [Fact]
    public void Read_Nothing_IsNone() => Assert.Empty(Read(("Other", "a"), ("Conversations", "")));

    [Fact]
    public void Read_AList_IsInTheOrderOfItsNumbers() =>
        Assert.Equal("0 1 2 3 4 5 6 7 8 9 10".Split(' '), Read([.. Enumerable.Range(0, 11).Reverse().Select(i => ($"Conversations:{i}", $"{i}"))]));

    [Theory]
    [InlineData("is one string and a list of them at once", "Conversations", "Conversations:0")]
    [InlineData("has the entry '2' where 1 is expected", "Conversations:0", "Conversations:2")]
    [InlineData("has the entry 'second' where 1 is expected", "Conversations:0", "Conversations:second")]
    public void Read_WhatCouldBeMisread_IsRefused(string part, params string[] names) =>
        Assert.Contains(part, Assert.Throws<SchemaException>(() => Read([.. names.Select(name => (name, "a"))])).Message, StringComparison.Ordinal);

    private static IReadOnlyList<string> Read(params (string Name, string Value)[] settings) => ConnectionList.Read(
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(s => KeyValuePair.Create<string, string?>($"ConnectionStrings:{s.Name}", s.Value))).Build(),
        "Conversations");
}
