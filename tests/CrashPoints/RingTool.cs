using System.Text.Json;
using Conversations.Grains.Tools;

namespace Conversations.CrashPoints;

/// <summary>A tool that must not be run twice, and whose every effect can be seen afterwards.</summary>
internal static class RingTool
{
    public static Tool Make(string directory) => new()
    {
        Name = "ring",
        Description = "Rings the bell, once.",
        Schema = JsonElement.Parse("""{"type":"object","properties":{}}"""),
        InvokeAsync = async (call, stop) =>
        {
            await File.AppendAllLinesAsync(CrashPoint.EffectsFile(directory, call.Session.Id), [call.CallId], stop);
            return "it rang";
        },
    };
}
