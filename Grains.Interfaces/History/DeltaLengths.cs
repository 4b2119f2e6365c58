namespace Conversations.History;

/// <summary>Where a text was cut into deltas: the lengths of the pieces in UTF-16 units, as variable-length integers.</summary>
/// <param name="Bytes">The encoded lengths.</param>
[GenerateSerializer, Immutable, Alias("conversations.DeltaLengths")]
public readonly record struct DeltaLengths([property: Id(0)] ReadOnlyMemory<byte> Bytes)
{
    /// <summary>No pieces.</summary>
    public static DeltaLengths None => default;

    /// <summary>Cuts <paramref name="text"/> as it was cut when it was streamed.</summary>
    public IEnumerable<string> Cut(string text)
    {
        var from = 0;
        for (var at = 0; at < Bytes.Length;)
        {
            var length = 0;
            for (var shift = 0; ; shift += 7)
            {
                var b = Bytes.Span[at++];
                length |= (b & 0x7F) << shift;
                if (b < 0x80) break;
            }

            yield return text.Substring(from, length);
            from += length;
        }
    }

    /// <summary>Equal when the lengths are.</summary>
    public bool Equals(DeltaLengths other) => Bytes.Span.SequenceEqual(other.Bytes.Span);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.AddBytes(Bytes.Span);
        return hash.ToHashCode();
    }
}
