using System.ComponentModel;
using System.Data;
using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.SemanticKernel;

namespace Conversations.Grains.Tools.Examples;

/// <summary>Arithmetic, which models are bad at.</summary>
internal sealed partial class Calculator
{
    [KernelFunction("calculate"), Description("Computes an arithmetic expression of numbers, + - * / % and parentheses.")]
    public static string Calculate([Description("The expression, like (2 + 3) * 4.")] string expression)
    {
        if (!Expression().IsMatch(expression)) throw new ToolException("the expression may have up to 500 characters: numbers, + - * / % and parentheses.");
        try
        {
            using var table = new DataTable { Locale = CultureInfo.InvariantCulture };
            return Convert.ToString(table.Compute(Whole().Replace(expression, "$0.0"), null), CultureInfo.InvariantCulture) ?? "";
        }
        catch (Exception e) when (e is SyntaxErrorException or EvaluateException or DivideByZeroException or OverflowException or InvalidCastException)
        {
            throw new ToolException("the expression cannot be computed.");
        }
    }

    [GeneratedRegex(@"^[0-9+\-*/%().\s]{1,500}$")]
    private static partial Regex Expression();

    // Whole numbers would be divided as such.
    [GeneratedRegex(@"(?<![\d.])\d+(?![\d.])")]
    private static partial Regex Whole();
}
