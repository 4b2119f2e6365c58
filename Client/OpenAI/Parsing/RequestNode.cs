using System.Text.Json;
using Conversations.Client.OpenAI.Errors;

namespace Conversations.Client.OpenAI.Parsing;

/// <summary>A value inside a request, with the path by which a refusal names it (<c>input[0].content</c>).</summary>
internal readonly struct RequestNode(JsonElement element, string path, MembersRead? reads = null)
{
    public JsonElement Element => element;

    public string Path => path;

    public JsonValueKind Kind => element.ValueKind;

    /// <summary>A member of this object; null if it is not there or null.</summary>
    public RequestNode? Member(string name)
    {
        reads?.Note(PathOf(name));
        return element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? new RequestNode(value, PathOf(name), reads) : null;
    }

    /// <summary>A member that must be there.</summary>
    public RequestNode Required(string name) => Member(name) ?? throw Missing(name);

    /// <summary>A member that must be there, though it may be null.</summary>
    public RequestNode? RequiredOrNull(string name) => Member(name) ?? (element.TryGetProperty(name, out _) ? null : throw Missing(name));

    /// <summary>The elements of this array.</summary>
    public IEnumerable<RequestNode> Elements()
    {
        Expect(JsonValueKind.Array, "an array");
        return Each(element, path, reads);
    }

    public RequestNode Object()
    {
        Expect(JsonValueKind.Object, "an object");
        return this;
    }

    public string Text(int maxLength = int.MaxValue)
    {
        Expect(JsonValueKind.String, "a string");
        var text = element.GetString()!;
        return text.Length <= maxLength
            ? text
            : throw Refused("string_above_max_length", $"'{path}' is longer than {maxLength} characters.");
    }

    public string NonEmptyText(int maxLength = int.MaxValue) =>
        Text(maxLength) is { Length: > 0 } text ? text : throw Refused("invalid_value", $"'{path}' is empty.");

    public string OneOf(params ReadOnlySpan<string> values)
    {
        Expect(JsonValueKind.String, "a string");
        foreach (var value in values)
        {
            if (element.ValueEquals(value)) return value;
        }

        throw Refused("invalid_value", $"'{path}' must be one of: {string.Join(", ", values!)}.");
    }

    public bool Flag() => element.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw WrongType("a boolean"),
    };

    public double Number(double from, double to)
    {
        Expect(JsonValueKind.Number, "a number");
        var value = element.GetDouble();
        if (value > to) throw Refused("decimal_above_max_value", $"'{path}' must be at most {to}.");
        if (!(value >= from)) throw Refused("decimal_below_min_value", $"'{path}' must be at least {from}.");
        return value;
    }

    public long Integer(long from, long to = int.MaxValue)
    {
        if (element.ValueKind != JsonValueKind.Number || !element.TryGetInt64(out var value)) throw WrongType("an integer");
        if (value > to) throw Refused("integer_above_max_value", $"'{path}' must be at most {to}.");
        if (value < from) throw Refused("integer_below_min_value", $"'{path}' must be at least {from}.");
        return value;
    }

    /// <summary>The value as compact JSON.</summary>
    public string Raw()
    {
        reads?.Note(PathOf("*"));
        return JsonSerializer.Serialize(element, Wire.WireJson.Context.JsonElement);
    }

    public DialectException WrongType(string expected) =>
        Refused("invalid_type", path.Length == 0 ? $"The body must be {expected}." : $"'{path}' must be {expected}.");

    public DialectException Refused(string code, string message) => new(400, code, message, path.Length == 0 ? null : path);

    private string PathOf(string name) => path.Length == 0 ? name : $"{path}.{name}";

    private static IEnumerable<RequestNode> Each(JsonElement array, string path, MembersRead? reads)
    {
        var index = 0;
        foreach (var value in array.EnumerateArray()) yield return new RequestNode(value, $"{path}[{index++}]", reads);
    }

    private DialectException Missing(string name) => new(400, "missing_required_parameter", $"'{PathOf(name)}' is missing.", PathOf(name));

    private void Expect(JsonValueKind kind, string name)
    {
        if (element.ValueKind != kind) throw WrongType(name);
    }
}
