namespace Conversations.Grains.Tools.Examples;

/// <summary>The notebook of one session; its key is the session's.</summary>
[Alias("conversations.INotebookGrain")]
internal interface INotebookGrain : IGrainWithStringKey
{
    /// <summary>Adds a note unless this call did so before; returns how many there are.</summary>
    [Alias("Add")]
    Task<int> AddAsync(string callId, string text);

    /// <summary>All notes, oldest first.</summary>
    [Alias("Read")]
    Task<List<string>> ReadAsync();

    /// <summary>Forgets everything.</summary>
    [Alias("Erase")]
    Task EraseAsync();
}

/// <inheritdoc cref="INotebookGrain"/>
[GrainType("notebook")]
internal sealed class NotebookGrain([PersistentState("notebook")] IPersistentState<NotebookState> state) : Grain, INotebookGrain
{
    // A model that writes without end must not fill the row.
    private const int MostNotes = 200;

    public async Task<int> AddAsync(string callId, string text)
    {
        var notes = state.State.Notes;
        if (notes.All(n => n.CallId != callId))
        {
            if (notes.Count >= MostNotes) throw new ToolException($"the notebook is full: it holds {MostNotes} notes.");
            notes.Add(new Note { CallId = callId, Text = text });
            await state.WriteStateAsync();
        }

        return notes.Count;
    }

    public Task<List<string>> ReadAsync() => Task.FromResult(state.State.Notes.ConvertAll(n => n.Text));

    public Task EraseAsync() => state.RecordExists ? state.ClearStateAsync() : Task.CompletedTask;
}

/// <summary>What a notebook holds.</summary>
internal sealed class NotebookState
{
    public List<Note> Notes { get; init; } = [];
}

/// <summary>One note.</summary>
internal sealed class Note
{
    /// <summary>The call that wrote it.</summary>
    public string CallId { get; init; } = "";

    public string Text { get; init; } = "";
}
