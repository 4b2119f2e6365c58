using System.Collections.Immutable;
using Conversations.Sessions;

namespace Conversations.Cluster.Tests.Sessions;

/// <summary>A try that its caller gave up, and that is carried out after all, long after a later try was and others went on.</summary>
[Collection("cluster")]
public sealed class LateCallTests(SessionCluster cluster)
{
    [Fact]
    public async Task Delete_OfAnEarlierLife_LeavesTheNextOne()
    {
        var key = cluster.NewKey();
        var unborn = await MarkAsync(key);
        await cluster.TurnAsync(key, "old");
        var seen = await MarkAsync(key);
        await Retried(() => cluster.Session(key).DeleteAsync(seen));
        var deleted = await MarkAsync(key);
        await cluster.TurnAsync(key, "new");

        foreach (var late in new[] { unborn, seen, deleted }) await NotThereAsync(() => cluster.Session(key).DeleteAsync(late));
        await cluster.Cluster.DeactivateAsync(cluster.Session(key));
        foreach (var late in new[] { unborn, seen, deleted }) await NotThereAsync(() => cluster.Session(key).DeleteAsync(late));

        Assert.Equal(["user: new", "assistant: echo: new"], await cluster.TranscriptAsync(key));
        var now = await MarkAsync(key);
        await Retried(() => cluster.Session(key).DeleteAsync(now));
        Assert.Null(await cluster.Journal.FindSessionAsync(key, default));
    }

    [Fact]
    public async Task SetMetadata_AfterALaterOne_LeavesThatOne()
    {
        var key = cluster.NewKey();
        var unborn = await MarkAsync(key);
        await Retried(() => cluster.Session(key).CreateOrGetAsync(Note("first"), null, unborn));
        var seen = await MarkAsync(key);
        Assert.Equal("second", Noted(await Retried(() => cluster.Session(key).SetMetadataAsync(Note("second"), seen))));
        // Sent again at once it changes nothing, and is no error.
        Assert.Equal("second", Noted(await Retried(() => cluster.Session(key).SetMetadataAsync(Note("second"), seen))));
        // A turn in between is no other metadata.
        var next = await MarkAsync(key);
        await cluster.TurnAsync(key, "hello");
        Assert.Equal("first", Noted(await Retried(() => cluster.Session(key).SetMetadataAsync(Note("first"), next))));

        Assert.Equal("first", Noted(await Retried(() => cluster.Session(key).SetMetadataAsync(Note("second"), seen))));
        await cluster.Cluster.DeactivateAsync(cluster.Session(key));
        Assert.Equal("first", Noted(await Retried(() => cluster.Session(key).SetMetadataAsync(Note("second"), seen))));
        Assert.Equal("first", Noted((await cluster.Journal.FindSessionAsync(key, default))!));

        var last = await MarkAsync(key);
        await Retried(() => cluster.Session(key).DeleteAsync(last));
        await Retried(() => cluster.Session(key).CreateOrGetAsync(Note("reborn")));
        await NotThereAsync(() => cluster.Session(key).SetMetadataAsync(Note("first"), last));
    }

    [Fact]
    public async Task Create_AfterADeletion_MakesNothingAgain()
    {
        var key = cluster.NewKey();
        var seen = await MarkAsync(key);
        await Retried(() => cluster.Session(key).CreateOrGetAsync(Note("first"), null, seen));
        await Retried(() => cluster.Session(key).DeleteAsync());

        await NotThereAsync(() => cluster.Session(key).CreateOrGetAsync(Note("first"), null, seen));
        Assert.Null(await cluster.Journal.FindSessionAsync(key, default));

        var now = await MarkAsync(key);
        Assert.Equal("again", Noted(await Retried(() => cluster.Session(key).CreateOrGetAsync(Note("again"), null, now))));
    }

    [Fact]
    public async Task Fork_AfterADeletion_MakesNothingAgain()
    {
        var parent = cluster.NewKey();
        var fork = SessionCluster.Beside(parent, "fork");
        await cluster.TurnAsync(parent, "shared");
        var from = new ForkFrom { Session = parent.Id };
        var seen = await MarkAsync(fork);
        await Retried(() => cluster.Session(fork).ForkAsync(from, Note("fork"), null, seen));
        await Retried(() => cluster.Session(fork).DeleteAsync());

        await NotThereAsync(() => cluster.Session(fork).ForkAsync(from, Note("fork"), null, seen));
        Assert.Null(await cluster.Journal.FindSessionAsync(fork, default));

        var now = await MarkAsync(fork);
        await Retried(() => cluster.Session(fork).ForkAsync(from, Note("again"), null, now));
        Assert.Equal(new Parent(parent.Id, 2), (await cluster.Journal.FindSessionAsync(fork, default))!.Parent);
    }

    private static ImmutableSortedDictionary<string, string> Note(string text) => ImmutableSortedDictionary<string, string>.Empty.Add("note", text);

    private static string Noted(Session session) => session.Metadata["note"];

    private Task<SessionMark> MarkAsync(SessionKey key) => cluster.Journal.FindMarkAsync(key, default);

    // As callers do: the activation of the deleted life may still be going.
    private static async Task<Session> Retried(Func<Task<Session>> call)
    {
        while (true)
        {
            try
            {
                return await call();
            }
            catch (RetryException)
            {
                await Task.Delay(20);
            }
        }
    }

    private static async Task NotThereAsync(Func<Task<Session>> call) =>
        Assert.Equal(RefusalCode.SessionNotFound, (await Assert.ThrowsAsync<RefusalException>(() => Retried(call))).Code);
}
