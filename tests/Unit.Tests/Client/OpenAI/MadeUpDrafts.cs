using Conversations.Agents;
using Conversations.Client.Sessions;
using Conversations.History;
using Conversations.Turns;

namespace Conversations.Unit.Tests.Client.OpenAI;

/// <summary>Answers about drafts that a test makes up.</summary>
internal sealed class MadeUpDrafts : IDrafts
{
    public Draft? Last { get; private set; }

    /// <summary>What every history comes to.</summary>
    public Compacted Compacted { get; set; } = new(
        [new Message(Role.User, [new InputText("Hi")])], new Compaction("They greeted."), new Usage(7, 3, 2, 1));

    public Task<int> CountAsync(Draft draft, CancellationToken cancellationToken)
    {
        Last = draft;
        return Task.FromResult(42);
    }

    public Task<Compacted> CompactAsync(Draft draft, CancellationToken cancellationToken)
    {
        Last = draft;
        return Task.FromResult(Compacted);
    }
}
