using System.Globalization;
using System.Text.Json;
using Conversations.Load.Reports;

namespace Conversations.Load;

/// <summary>Figures that are not those of turns, by name.</summary>
internal sealed class Measured : Dictionary<string, double>
{
    /// <summary>Prints them, and writes them to a file if one is named.</summary>
    public async Task ShowAsync(FileInfo? file, CancellationToken stop)
    {
        foreach (var (name, value) in this) await Console.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{name,-40}{value,14:#,0.####}"));
        if (file is null) return;
        await using var stream = file.Create();
        await JsonSerializer.SerializeAsync(stream, this, Report.Json, stop);
    }
}
