using Conversations.Client.Sessions;
using Conversations.Journal.Sharding;
using Conversations.Sessions;

namespace Conversations.Unit.Tests.Journal.Sharding;

public sealed class ShardMapTests
{
    // Where a session lives is on disk: these never change. They were not made by this code but by sha256sum.
    [Theory]
    [InlineData("acme", "42", 0x93f92348u)]
    [InlineData("acme", "user-42", 0xce67a0ecu)]
    [InlineData("acme", "user-43", 0xec54b0f9u)]
    [InlineData("a", "{x}", 0x044f5623u)]
    [InlineData("dev", "conv_0123456789abcdef0123456789abcdef", 0x9c2016afu)]
    public void IndexOf_AName_IsTheRestOfItsHash(string tenant, string session, uint hash)
    {
        foreach (var count in (int[])[1, 2, 3, 16, 1000])
        {
            Assert.Equal((int)(hash % (uint)count), new ShardMap(count).IndexOf(Key(tenant, session)));
        }
    }

    [Fact]
    public void IndexOf_WhatIsKeptOfAnErasedSession_IsWhereTheSessionWas()
    {
        var map = new ShardMap(64);

        Assert.Equal(map.IndexOf("acme", "user-42"), map.IndexOf("acme", "user-42/7"));
    }

    [Fact]
    public void IndexOf_ManyNames_AreSpreadEvenly()
    {
        var map = new ShardMap(4);
        var counts = Enumerable.Range(0, 10_000).CountBy(i => map.IndexOf(Key("acme", $"user-{i}"))).ToDictionary();

        Assert.Equal(4, counts.Count);
        // Five deviations of what chance does.
        Assert.All(counts.Values, count => Assert.InRange(count, 2_500 - 217, 2_500 + 217));
    }

    [Fact]
    public void Beside_AnyName_IsTogetherWithTheParentAndFoundAgain()
    {
        var map = new ShardMap(5);
        for (var i = 0; i < 50; i++)
        {
            var parent = Key("acme", $"user-{i}");
            var name = MintedId.FromKey("acme", "fork", "key");
            var beside = MintedId.Beside(parent, name, map);

            Assert.True(map.AreTogether(parent, beside));
            Assert.True(MintedId.Is(beside.Id));
            Assert.Equal(beside, MintedId.Beside(parent, name, map));
            if (map.AreTogether(parent, name)) Assert.Equal(name, beside);
        }
    }

    [Fact]
    public void Beside_OneDatabase_LeavesTheName()
    {
        var name = MintedId.New("acme");

        Assert.Equal(name, MintedId.Beside(Key("acme", "user-42"), name, ShardMap.One));
    }

    private static SessionKey Key(string tenant, string session) =>
        SessionKey.TryCreate(tenant, session, out var key) ? key : throw new ArgumentException(session);
}
