using Conversations.Agents;

namespace Conversations.Client.Sessions;

/// <inheritdoc cref="IDrafts"/>
/// <param name="grains">Finds the silo to ask.</param>
/// <param name="calls">Asks again.</param>
internal sealed class GrainDrafts(Func<IDraftGrain> grains, PatientCalls calls) : IDrafts
{
    // As long as the tokenizer may take for the largest input.
    private static readonly TimeSpan Counting = TimeSpan.FromSeconds(30);

    // The silos have a bound of their own (Sessions:TurnDeadlineSeconds).
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    public Task<int> CountAsync(Draft draft, CancellationToken cancellationToken) =>
        calls.AskAsync(() => grains().CountAsync(draft, cancellationToken), Counting, cancellationToken);

    public Task<Compacted> CompactAsync(Draft draft, CancellationToken cancellationToken) =>
        calls.AskAsync(() => grains().CompactAsync(draft, cancellationToken), Longest, cancellationToken);
}
