using System.Globalization;

namespace Conversations.Importer.Progress;

/// <summary>For a log: a line now and then.</summary>
internal sealed class Lines(TextWriter output, long? total, TimeProvider time) : IShow
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    private long _messages;
    private long _saidAt = time.GetTimestamp();

    public void Advance(long messages)
    {
        _messages += messages;
        if (time.GetElapsedTime(_saidAt) < Pause) return;
        _saidAt = time.GetTimestamp();
        var of = total is { } known ? $" of {known.ToString(CultureInfo.InvariantCulture)}" : "";
        output.WriteLine($"{_messages.ToString(CultureInfo.InvariantCulture)}{of} messages …");
    }

    public void Say(string line) => output.WriteLine(line);
}
