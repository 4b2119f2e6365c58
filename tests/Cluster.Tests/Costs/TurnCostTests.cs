using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Conversations.Sessions;
using Npgsql;
using Xunit.Abstractions;

namespace Conversations.Cluster.Tests.Costs;

/// <summary>What a turn costs, in figures that a busy machine does not touch.</summary>
[Collection(nameof(Alone))]
public sealed class TurnCostTests(ITestOutputHelper output) : SessionCluster, IAsyncLifetime
{
    private const int Turns = 100;
    private const int Kilobyte = 1_000;

    // 141,000 when it was written, give or take 600; a tenth more is a change that somebody should know of.
    private const int AllocatedAtMost = 155_000;

    [Fact]
    public async Task Turn_OfAWarmSession_IsTwoStatementsAndNoRead()
    {
        var key = NewKey();
        await TurnAsync(key, "warm up");
        using var statements = new CountedStatements(Postgres.Server.Port);
        for (var i = 0; i < Turns; i++) await TurnAsync(key, $"turn {i}");

        var sent = statements.Sent;
        Assert.Equal(2 * Turns, sent.Count(text => text.Contains("write_session", StringComparison.Ordinal)));
        Assert.DoesNotContain(sent, text => text.Contains("read_session", StringComparison.Ordinal) || text.Contains("conversations.item", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Turn_OfAKilobyteEachWay_WritesLittleMoreThanThatHoweverLongTheSession()
    {
        Model.Reply((_, _) => Pieces());
        await using var administration = NpgsqlDataSource.Create(Postgres.Server.SuperuserConnectionString);
        // The first change of a page after a checkpoint is the whole page: that depends on when checkpoints are, and not on a turn.
        await ExecuteAsync(administration, "alter system set full_page_writes = off");
        await ExecuteAsync(administration, "select pg_reload_conf()");
        var shorter = NewKey();
        var longer = NewKey();
        await TalkAsync(shorter, Text(0));
        await TalkAsync(longer, Text(0));
        await LengthenAsync(longer, 10_000);
        await Cluster.DeactivateAsync(Session(longer));
        await TalkAsync(longer, Text(1));

        var (few, many) = (await WalOfAsync(administration, shorter), await WalOfAsync(administration, longer));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"WAL of a turn: {few:0} bytes after some items, {many:0} after 10,000; payload {2 * Kilobyte}"));
        Assert.InRange(many / few, 0, 1.05);
        Assert.InRange(few, 0, 2.5 * 2 * Kilobyte);
    }

    [Fact]
    public async Task Turn_OfAWarmSession_AllocatesNoMoreThanItDid()
    {
        var key = NewKey();
        for (var i = 0; i < Turns; i++) await TalkAsync(key, $"warm up {i}");
        var before = GC.GetTotalAllocatedBytes();
        for (var i = 0; i < Turns; i++) await TalkAsync(key, $"turn {i}");

        var each = (GC.GetTotalAllocatedBytes() - before) / Turns;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"A turn allocates {each} bytes, its caller's and the tests' own among them"));
        Assert.InRange(each, 0, AllocatedAtMost);
    }

    private static string Text(int number) => number.ToString("D4", CultureInfo.InvariantCulture) + new string('x', Kilobyte - 4);

    private static async IAsyncEnumerable<string> Pieces()
    {
        await Task.Yield();
        for (var i = 0; i < 20; i++) yield return new string('y', Kilobyte / 20);
    }

    private async Task<double> WalOfAsync(NpgsqlDataSource administration, SessionKey key)
    {
        var before = await PlaceAsync();
        for (var i = 0; i < Turns; i++) await TalkAsync(key, Text(i));
        return (double)(await PlaceAsync() - before) / Turns;

        async Task<decimal> PlaceAsync()
        {
            await using var command = administration.CreateCommand("select pg_current_wal_insert_lsn() - '0/0'::pg_lsn");
            return (decimal)(await command.ExecuteScalarAsync())!;
        }
    }

    // As a gateway asks: the fingerprint is a hash.
    private async Task TalkAsync(SessionKey key, string text)
    {
        var request = Say(text) with { Fingerprint = SHA256.HashData(Encoding.UTF8.GetBytes(text)) };
        await Session(key).SubmitAsync(request);
        await EventsAsync(key, request.Id);
    }

    // As if that much had been said before, and all of it fits a window no more.
    private async Task LengthenAsync(SessionKey key, int items)
    {
        for (var i = 0; i < items; i += 1_000)
        {
            await Session(key).SubmitAsync(Say("") with { CallsModel = false, Input = [.. Enumerable.Range(i, 1_000).Select(n => new History.Message(History.Role.User, [new History.InputText(Text(n % 9_999))]))] });
        }
    }

    private static async Task ExecuteAsync(NpgsqlDataSource administration, string sql)
    {
        await using var command = administration.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
