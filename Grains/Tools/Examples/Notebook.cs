using System.ComponentModel;
using Conversations.Sessions;
using Microsoft.SemanticKernel;

namespace Conversations.Grains.Tools.Examples;

/// <summary>Notes that a model keeps per session, beside the conversation: they stay when the window has moved on.</summary>
internal sealed class Notebook(IGrainFactory grains) : ISessionErasure
{
    [KernelFunction("note_add"), Description("Writes a note into this conversation's notebook, to be found later.")]
    public async Task<string> AddAsync([Description("The note, at most 2,000 characters.")] string text)
    {
        if (text.Length is 0 or > 2_000) throw new ToolException("a note has 1 to 2,000 characters.");
        var call = KernelTools.Current;
        var count = await Of(call.Session).AddAsync(call.CallId, text);
        return $"Noted; the notebook has {count} {(count == 1 ? "note" : "notes")}.";
    }

    [KernelFunction("notes_read"), Description("Reads all notes of this conversation's notebook, oldest first.")]
    public async Task<string> ReadAsync()
    {
        var notes = await Of(KernelTools.Current.Session).ReadAsync();
        return notes.Count == 0 ? "The notebook is empty." : string.Join('\n', notes.Select((note, i) => $"{i + 1}. {note}"));
    }

    public Task EraseAsync(SessionKey session) => Of(session).EraseAsync();

    private INotebookGrain Of(SessionKey session) => grains.GetGrain<INotebookGrain>(session.ToString());
}
