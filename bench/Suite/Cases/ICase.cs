namespace Conversations.Suite.Cases;

/// <summary>One thing to measure. A round starts everything it needs and ends it.</summary>
internal interface ICase
{
    /// <summary>What it is called on the command line.</summary>
    string Name { get; }

    /// <summary>What it is, in a few words.</summary>
    string What { get; }

    /// <returns>What was measured, by the name of the figure.</returns>
    Task<IReadOnlyDictionary<string, double>> RunAsync(Settings settings, CancellationToken stop);
}
