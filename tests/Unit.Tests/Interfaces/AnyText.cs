using System.Text;
using System.Text.Json;
using CsCheck;

namespace Conversations.Unit.Tests.Interfaces;

/// <summary>Text as bad as it comes: halves of characters, zeros, quotes, controls.</summary>
internal static class AnyText
{
    public static readonly Gen<char> Char = Gen.OneOf(
        Gen.OneOf('a', 'Z', '0', '_', '-', '.', '/', ' ', '"', '\\', '\n', '\0', 'é', '中', '\u2028', '\uFFFD', '\uFEFF'),
        Gen.OneOf('\uD83D', '\uDE00', '\uD800', '\uDFFF'),
        Gen.Char);

    public static readonly Gen<string> Piece = Char.Array[0, 6].Select(chars => new string(chars));

    public static readonly Gen<string> Any = Char.Array[0, 40].Select(chars => new string(chars));

    /// <summary>What of a text can be stored, computed by the encoder of the runtime.</summary>
    public static string Storable(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)).Replace('\0', '\uFFFD');

    /// <summary>All that a record says, for records whose arrays are equal by reference alone.</summary>
    public static string Json(object? value) => value is null ? "null" : JsonSerializer.Serialize(value, value.GetType());
}
