using Conversations.Sessions;

namespace Conversations.Agents;

/// <summary>Answers what is asked about drafts. Its key is 0; every silo answers by itself, from what is on disk.</summary>
[Alias("conversations.IDraftGrain")]
public interface IDraftGrain : IGrainWithIntegerKey
{
    /// <summary>How many tokens the model would be handed; an estimate where it has a tokenizer of its own.</summary>
    /// <exception cref="RefusalException">The request would be refused, too.</exception>
    [ResponseTimeout("00:00:30"), Alias("Count")]
    Task<int> CountAsync(Draft draft, CancellationToken cancellationToken = default);

    /// <summary>Has the model summarise all that the draft would have it know. That takes as long as a model does.</summary>
    /// <exception cref="RefusalException">There is nothing to go on from, or no room for another model call.</exception>
    [ResponseTimeout("01:00:00"), Alias("Compact")]
    Task<Compacted> CompactAsync(Draft draft, CancellationToken cancellationToken = default);
}
