using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Conversations.Chaos.Rounds;
using Conversations.Chaos.Workload;
using Conversations.Checker;
using Conversations.Checker.Evidence;

namespace Conversations.Chaos.Reports;

/// <summary>What a run came to, as Markdown and as JSON.</summary>
internal sealed class Report(string commit, string command, int seed, IReadOnlyDictionary<string, string> notRun)
{
    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true };

    private readonly List<RoundResult> _rounds = [];
    private TimeSpan _length;

    /// <summary>What repeats it.</summary>
    public string Command => command;

    public int Faults => _rounds.Sum(round => round.Strikes.Count);

    public IEnumerable<Violation> Violations => _rounds.SelectMany(round => round.Violations);

    public void Add(RoundResult round, TimeSpan length)
    {
        _rounds.Add(round.WithoutTexts());
        _length = length;
    }

    public async Task WriteAsync(string directory, CancellationToken stop)
    {
        Directory.CreateDirectory(directory);
        var name = $"{commit}-seed-{seed.ToString(CultureInfo.InvariantCulture)}";
        await File.WriteAllLinesAsync(Path.Combine(directory, name + ".md"), Lines(), stop);
        await using var json = File.Create(Path.Combine(directory, name + ".json"));
        await JsonSerializer.SerializeAsync(json, Facts(), Json, stop);
    }

    public IEnumerable<string> Lines()
    {
        var operations = _rounds.SelectMany(round => round.File.Operations).ToList();
        var strikes = _rounds.SelectMany(round => round.Strikes).ToList();
        yield return $"# Chaos, seed {seed}";
        yield return "";
        yield return $"At {commit}, {RuntimeInformation.FrameworkDescription}, {Environment.ProcessorCount} cores, {TimeProvider.System.GetUtcNow():yyyy-MM-dd}; three silos, two gateways, PostgreSQL, the";
        yield return $"model and all callers on one machine; made by `{command}`.";
        yield return "";
        yield return "| | |";
        yield return "|---|---|";
        yield return $"| duration | {_length.TotalMinutes.ToString("0.0", CultureInfo.InvariantCulture)} min, {_rounds.Count} rounds |";
        yield return $"| operations | {_rounds.Sum(round => round.Operations):N0}, {operations.OfType<Say>().Count():N0} of them turns with the model |";
        yield return $"| besides | {Besides(operations)} |";
        yield return $"| faults | {strikes.Count}, {strikes.Count / Math.Max(_length.TotalHours, 0.01):0} an hour |";
        yield return $"| outcomes that their callers never learned | {_rounds.Sum(round => round.Unknown)} |";
        yield return $"| model calls beyond those whose reply is kept | {_rounds.Sum(round => round.RepeatedCalls)} of {_rounds.Sum(round => round.ModelCalls):N0} |";
        yield return $"| silos given up although they lived and could be reached | {strikes.Sum(strike => strike.FalselyGivenUp)} |";
        yield return $"| **violations** | **{Violations.Count()}** |";
        yield return "";
        yield return "How long streamed and background requests that came during a fault, or within a second after it, waited until they were accepted,";
        yield return "or their callers gave up, in seconds:";
        yield return "";
        yield return "| fault | times | requests | p50 | p99 | longest | silos given up |";
        yield return "|---|---|---|---|---|---|---|";
        foreach (var fault in strikes.GroupBy(strike => strike.Fault).OrderBy(fault => fault.Key, StringComparer.Ordinal))
            yield return $"| `{fault.Key}` | {fault.Count()} | {Waits.Of(_rounds, fault.Key).Row} | {fault.Sum(strike => strike.GivenUp)} |";
        foreach (var (fault, why) in notRun) yield return $"| `{fault}` | *not run*: {why} | | | | | |";
        if (!Violations.Any()) yield break;
        yield return "";
        yield return "## Violations";
        yield return "";
        foreach (var violation in Violations) yield return $"* {violation}";
    }

    private static string Besides(IReadOnlyList<Operation> operations)
    {
        string Count<T>(string what) => $"{operations.OfType<T>().Count():N0} {what}";
        var approvals = operations.OfType<Resolve>().Count(resolve => resolve.Approve);
        return string.Join(", ", Count<Append>("appended"), Count<Cancel>("cancelled"), Count<Fork>("forked"), Count<Erase>("items erased"), Count<Delete>("deleted"))
            + $", {approvals:N0} calls approved and {operations.OfType<Resolve>().Count() - approvals:N0} forbidden";
    }

    private object Facts() => new
    {
        commit,
        command,
        seed,
        minutes = _length.TotalMinutes,
        rounds = _rounds.Select(round => new
        {
            round.Number,
            round.Seed,
            operations = round.Operations,
            turns = round.Says.Count(),
            round.Unknown,
            round.RepeatedCalls,
            faults = round.Strikes.Select(strike => new { strike.Fault, strike.Detail, seconds = Math.Round((strike.Ended - strike.Began) / (double)Chronicle.Second, 1), strike.GivenUp, strike.FalselyGivenUp }),
            round.Violations,
        }),
        waits = _rounds.SelectMany(round => round.Strikes).Select(strike => strike.Fault).Distinct().ToDictionary(fault => fault, fault => Waits.Of(_rounds, fault)),
        notRun,
    };
}
