using Conversations.Importer.Sessions;

namespace Conversations.Importer;

/// <summary>What was done, in numbers.</summary>
internal sealed class Summary(bool isDryRun)
{
    private readonly int[] _sessions = new int[Enum.GetValues<Outcome>().Length];
    private long _items;

    /// <summary>How many messages were read.</summary>
    public long Messages { get; set; }

    /// <summary>How many messages, or sessions as a whole, were reported as left out.</summary>
    public int LeftOut { get; set; }

    /// <summary>Whether everything that the source holds is there.</summary>
    public bool IsWhole => LeftOut + Of(Outcome.Differs) + Of(Outcome.InUse) + Of(Outcome.Refused) == 0;

    public void Count(Outcome outcome, long items)
    {
        _sessions[(int)outcome]++;
        _items += items;
    }

    public override string ToString() =>
        $"sessions: {Of(Outcome.Imported)} {(isDryRun ? "to import" : "imported")}, {Of(Outcome.Unchanged)} unchanged, {Of(Outcome.MovedOn)} gone on since, "
        + $"{Of(Outcome.Differs) + Of(Outcome.InUse)} different, {Of(Outcome.Refused)} refused, {Of(Outcome.Nothing)} empty; "
        + $"messages: {Messages} read, {LeftOut} left out; items: {_items} {(isDryRun ? "to append" : "appended")}";

    private int Of(Outcome outcome) => _sessions[(int)outcome];
}
