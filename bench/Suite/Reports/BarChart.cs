using System.Globalization;
using System.Security;
using System.Text;
using Conversations.Suite.Results;

namespace Conversations.Suite.Reports;

/// <summary>Bars of medians, with lines from the least to the most, as SVG that reads on light and on dark pages.</summary>
internal static class BarChart
{
    private const int Width = 760;
    private const int Label = 210;
    private const int Value = 90;
    private const int Row = 26;
    private const int Top = 34;

    public static string Draw(string title, IReadOnlyList<Series> bars)
    {
        var most = bars.Max(bar => bar.Most);
        var height = Top + bars.Count * Row + 8;
        var svg = new StringBuilder();
        svg.AppendLine(Invariant($"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width} {height}" font-family="sans-serif" font-size="13">"""));
        svg.AppendLine("<style>text{fill:#333}.bar{fill:#3b7dd8}.range{stroke:#888;stroke-width:2}@media(prefers-color-scheme:dark){text{fill:#ddd}}</style>");
        svg.AppendLine(Invariant($"""<text x="8" y="20" font-size="15">{SecurityElement.Escape(title)}</text>"""));
        for (var i = 0; i < bars.Count; i++)
        {
            var (bar, y) = (bars[i], Top + i * Row);
            svg.AppendLine(Invariant($"""<text x="{Label - 8}" y="{y + 16}" text-anchor="end">{SecurityElement.Escape(bar.Case)}</text>"""));
            svg.AppendLine(Invariant($"""<rect class="bar" x="{Label}" y="{y + 3}" width="{Length(bar.Median):0.#}" height="{Row - 8}"/>"""));
            svg.AppendLine(Invariant($"""<line class="range" x1="{Label + Length(bar.Least):0.#}" y1="{y + 12}" x2="{Label + Length(bar.Most):0.#}" y2="{y + 12}"/>"""));
            svg.AppendLine(Invariant($"""<text x="{Label + Length(bar.Most) + 6:0.#}" y="{y + 16}">{MarkdownReport.Number(bar.Median)}</text>"""));
        }

        svg.AppendLine("</svg>");
        return svg.ToString();

        double Length(double value) => value / most * (Width - Label - Value);
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
