using Conversations.History;
using Conversations.Sessions;
using Conversations.Turns;
using static Conversations.Cluster.Tests.SessionCluster;

namespace Conversations.Cluster.Tests.Agents;

/// <summary>How much of the history a model is handed.</summary>
[Collection("cluster")]
public sealed class ContextTests(SessionCluster cluster)
{
    private IReadOnlyList<string> Handed => cluster.Model.Requests[^1].Messages;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Agent_WithALargerWindow_PaysOneReadAndSeesIt(bool cold)
    {
        var key = cluster.NewKey();
        for (var i = 0; i < 12; i++) await cluster.TurnAsync(key, $"m{i}", "scripted");
        if (cold) await cluster.Cluster.DeactivateAsync(cluster.Session(key));
        Assert.Equal(0, cluster.Reads.Of(key));

        await cluster.TurnAsync(key, "m12", "wide");
        Assert.Equal(1, cluster.Reads.Of(key));
        // The newest 20 of 25, from somebody's words on.
        Assert.Equal(["user: m3", "assistant: echo: m3"], Handed.Take(2));
        Assert.Equal((19, "user: m12"), (Handed.Count, Handed[^1]));

        await cluster.TurnAsync(key, "m13", "wide");
        Assert.Equal("user: m4", Handed[0]);
        Assert.Equal(1, cluster.Reads.Of(key));
        // The next activation loads it by itself.
        await cluster.Cluster.DeactivateAsync(cluster.Session(key));
        await cluster.TurnAsync(key, "m14", "wide");
        Assert.Equal(("user: m5", 1), (Handed[0], cluster.Reads.Of(key)));
    }

    [Fact]
    public async Task Agent_WithALargerWindowThanItsForkWasReadFor_SeesWhatWasInherited()
    {
        var parent = cluster.NewKey();
        var fork = SessionKey.TryCreate(parent.Tenant, "fork", out var key) ? key : default;
        for (var i = 0; i < 8; i++) await cluster.TurnAsync(parent, $"m{i}");
        var request = Say("here") with { From = new ForkFrom { Session = parent.Id } };
        await cluster.Session(fork).SubmitAsync(request);
        await cluster.EventsAsync(fork, request.Id);

        await cluster.TurnAsync(fork, "now", "wide");

        Assert.Equal(1, cluster.Reads.Of(fork));
        // The newest 20 of 19: everything.
        Assert.Equal((19, "user: m0", "user: now"), (Handed.Count, Handed[0], Handed[^1]));
    }

    [Theory]
    [InlineData("scripted")]
    [InlineData("brief")]
    [InlineData("compact")]
    public async Task Agent_AloneInItsSession_NeverReadsMore(string agent)
    {
        var key = cluster.NewKey();
        for (var i = 0; i < 14; i++)
        {
            await cluster.TurnAsync(key, $"m{i} {new string('x', i)}", agent);
            if (i % 4 == 0) await cluster.Cluster.DeactivateAsync(cluster.Session(key));
        }

        Assert.Equal(0, cluster.Reads.Of(key));
    }

    [Fact]
    public async Task Agent_ThatReadsMore_IsNotHandedWhatWasErased()
    {
        var key = cluster.NewKey();
        var secret = await cluster.TurnAsync(key, "secret");
        for (var i = 0; i < 6; i++) await cluster.TurnAsync(key, $"m{i}");
        await cluster.Session(key).EraseItemAsync(new ItemId(secret.Turn.Id, 0, 0));

        await cluster.TurnAsync(key, "now", "wide");

        Assert.Equal(1, cluster.Reads.Of(key));
        Assert.DoesNotContain("user: secret", Handed);
        Assert.Contains("user: m0", Handed);
    }

    [Fact]
    public async Task Agent_WithAWindowOfTokens_SeesWhatFits()
    {
        var key = cluster.NewKey();
        for (var i = 0; i < 4; i++) await cluster.TurnAsync(key, "one two three four five six", "brief");
        // An item of this is 4 tokens and its words: 10, and 13 for the answer.
        Assert.Equal(3, Handed.Count);

        await cluster.TurnAsync(key, string.Join(' ', Enumerable.Repeat("long", 100)), "brief");
        Assert.StartsWith("user: long", Assert.Single(Handed), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Truncation_Disabled_FailsInsteadOfLeavingOut()
    {
        var key = cluster.NewKey();
        var whole = new TurnOptions { Truncation = "disabled" };
        for (var i = 0; i < 4; i++) Assert.Equal(TurnStatus.Completed, (await TurnAsync(key, $"m{i}", whole)).Turn.Status);
        var calls = cluster.Model.Requests.Count;

        var end = await TurnAsync(key, "m4", whole);

        Assert.Equal((TurnStatus.Failed, "context_length_exceeded"), (end.Turn.Status, end.Turn.Error?.Code));
        Assert.Contains("truncation 'auto'", end.Turn.Error!.Message, StringComparison.Ordinal);
        Assert.Equal(calls, cluster.Model.Requests.Count);
        Assert.Equal(TurnStatus.Completed, (await TurnAsync(key, "m5", whole with { Truncation = "auto" })).Turn.Status);
    }

    private async Task<TurnEnded> TurnAsync(SessionKey key, string text, TurnOptions options)
    {
        var submitted = await cluster.Session(key).SubmitAsync(Say(text) with { Options = options });
        return (TurnEnded)(await cluster.EventsAsync(key, submitted.Turn.Id))[^1];
    }
}
