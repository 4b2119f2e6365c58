namespace Conversations.Suite.Results;

/// <summary>Every figure of every case, and what could not be measured.</summary>
internal sealed class AllResults
{
    private readonly List<(string Case, string Figure, double Value)> _values = [];
    private readonly List<string> _faults = [];

    /// <summary>Cases that failed in a round, and how.</summary>
    public IReadOnlyList<string> Faults => _faults;

    public IEnumerable<Series> All => _values
        .GroupBy(value => (value.Case, value.Figure), value => value.Value)
        .Select(group => new Series(group.Key.Case, group.Key.Figure, [.. group]));

    public void Add(string @case, IReadOnlyDictionary<string, double> round) =>
        _values.AddRange(round.Select(figure => (@case, figure.Key, figure.Value)));

    public void Failed(string @case, string fault) => _faults.Add($"{@case}: {fault}");

    /// <summary>The median of a figure; null if it was not measured.</summary>
    public double? Median(string @case, string figure) => All.FirstOrDefault(series => series.Case == @case && series.Figure == figure)?.Median;
}
