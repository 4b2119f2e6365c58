using System.Globalization;

namespace Conversations.Journal.Sharding;

/// <summary>One of the databases that hold sessions.</summary>
/// <param name="Number">Which, from 1.</param>
/// <param name="Of">How many there are.</param>
public readonly record struct Shard(int Number, int Of)
{
    /// <summary>The only one there is.</summary>
    public static readonly Shard Only = new(1, 1);

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"number {Number} of {Of}");
}
