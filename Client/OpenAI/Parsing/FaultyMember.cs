using System.Text.Json;
using System.Text.Unicode;

namespace Conversations.Client.OpenAI.Parsing;

/// <summary>Finds out where a body that cannot be read goes wrong, so that a refusal can name it.</summary>
internal static class FaultyMember
{
    /// <summary>
    /// The outermost member that is not UTF-8, nests deeper than <paramref name="maxDepth"/>, or is or holds a member twice; null if the
    /// body is wrong in another way, like one that ends too early.
    /// </summary>
    public static string? NameIn(ReadOnlySpan<byte> utf8, int maxDepth)
    {
        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = maxDepth });
        var open = new Stack<HashSet<string>>();
        string? name = null;
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType == JsonTokenType.StartObject) open.Push([]);
                else if (reader.TokenType == JsonTokenType.EndObject) open.Pop();
                if (reader.TokenType is not (JsonTokenType.PropertyName or JsonTokenType.String)) continue;
                if (!Utf8.IsValid(reader.ValueSpan)) return name;
                if (reader.TokenType != JsonTokenType.PropertyName) continue;
                var member = reader.GetString()!;
                if (reader.CurrentDepth == 1) name = member;
                if (!open.Peek().Add(member)) return name;
            }
        }
        catch (JsonException)
        {
            // What begins at the last depth that may be counts from inside it.
            return reader.CurrentDepth >= maxDepth - 1 ? name : null;
        }
        catch (InvalidOperationException)
        {
            // The name of a member is half of a surrogate pair.
            return name;
        }

        return null;
    }
}
