using Conversations.Agents;
using Conversations.Sessions;

namespace Conversations.Client.Sessions;

/// <summary>What can be asked about requests that nobody sends; see <see cref="IDraftGrain"/>.</summary>
internal interface IDrafts
{
    /// <summary>How many tokens the model would be handed.</summary>
    /// <exception cref="RefusalException">The request would be refused, too.</exception>
    Task<int> CountAsync(Draft draft, CancellationToken cancellationToken);

    /// <summary>Has the model summarise all that the draft would have it know.</summary>
    /// <exception cref="RefusalException">There is nothing to go on from, or no room for another model call.</exception>
    Task<Compacted> CompactAsync(Draft draft, CancellationToken cancellationToken);
}
