using System.Globalization;
using System.Text.Json;

namespace Conversations.Load.Reports;

/// <summary>The rounds of one run: for people, and for programs.</summary>
internal sealed record Report(string What, Plan Plan, IReadOnlyList<Figures> Rounds)
{
    /// <summary>How figures are written to files.</summary>
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>Prints the table, and writes all of it to a file if one is named.</summary>
    public async Task ShowAsync(FileInfo? file, CancellationToken stop)
    {
        foreach (var line in Lines()) await Console.Out.WriteLineAsync(line);
        if (file is null) return;
        await using var stream = file.Create();
        await JsonSerializer.SerializeAsync(stream, this, Json, stop);
    }

    /// <summary>A line for each round, and one of medians.</summary>
    private IEnumerable<string> Lines()
    {
        var processes = Rounds[0].Processors.Keys.ToList();
        yield return Invariant($"{What}: {Plan.Sessions} sessions, {Plan.Message} characters, {(Plan.Rate is { } rate ? Invariant($"open loop at {rate}/s") : "closed loop")}");
        yield return Invariant($"{"",-8}{"turns/s",10}{"p50 ms",9}{"p95 ms",9}{"p99 ms",9}{"max ms",9}{"WAL B",9}{"SQL",7}{"xact",7}{"alloc B",10}")
            + string.Concat(processes.Select(name => Invariant($"{$"{name} ms",13}")));
        for (var i = 0; i < Rounds.Count; i++) yield return Line(Invariant($"round {i + 1}"), figure => figure(Rounds[i]));
        if (Rounds.Count > 1) yield return Line("median", figure => Rounds.All(r => figure(r) is not null) ? Rank.Median(Rounds.Select(r => figure(r)!.Value)) : null);

        string Line(string name, Func<Func<Figures, double?>, double?> of) =>
            Invariant($"{name,-8}{of(r => r.TurnsPerSecond),10:N0}{of(r => r.P50),9:N2}{of(r => r.P95),9:N2}{of(r => r.P99),9:N2}{of(r => r.Longest),9:N2}")
            + Invariant($"{of(r => r.WalBytes),9:N0}{of(r => r.Statements),7:N2}{of(r => r.Transactions),7:N2}{of(r => r.AllocatedBytes),10:N0}")
            + string.Concat(processes.Select(process => Invariant($"{of(r => r.Processors[process]),13:N4}")));
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
