using System.Buffers;
using System.Buffers.Text;
using Conversations.Turns;

namespace Conversations.History;

/// <summary>
/// The name of an item: which turn made it, in which attempt, as the how-manieth item of that turn. It is fixed before the item's
/// first delta and the same after any replay, so it is never stored. Two attempts at the same place have two ids.
/// </summary>
/// <param name="Turn">The turn that the item belongs to.</param>
/// <param name="Attempt">The attempt that produced it; 0 for the turn's input.</param>
/// <param name="Index">Its place among all items of the turn, input first, from 0.</param>
[GenerateSerializer, Immutable, Alias("conversations.ItemId")]
public readonly record struct ItemId(
    [property: Id(0)] TurnId Turn, [property: Id(1)] int Attempt, [property: Id(2)] int Index)
{
    private const int Size = 16 + 2 + 4;

    // The last one is of what was erased, whose type went with its content.
    private static readonly string[] Prefixes = ["msg_", "fc_", "fco_", "rs_", "cmp_", "apr_", "apx_", "item_"];

    /// <summary>The id as callers see it: the prefix of the item's type and 30 characters of base64url.</summary>
    public string ToString(ItemBody body) => body.IdPrefix + ToString();

    /// <inheritdoc/>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Size];
        Turn.Value.TryWriteBytes(bytes, bigEndian: true, out _);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt16BigEndian(bytes[16..], (ushort)Attempt);
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(bytes[18..], Index);
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>Reads an id as callers send it, with the prefix of any type; false if it was never one of ours.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out ItemId id)
    {
        id = default;
        var prefix = text.IndexOf('_');
        if (prefix < 0 || !Prefixes.AsSpan().Contains(text[..(prefix + 1)].ToString())) return false;
        Span<byte> bytes = stackalloc byte[Size];
        var digits = text[(prefix + 1)..];
        if (digits.Length != Base64Url.GetEncodedLength(Size)
            || Base64Url.DecodeFromChars(digits, bytes, out _, out var written) != OperationStatus.Done
            || written != Size)
        {
            return false;
        }

        id = new ItemId(
            new TurnId(new Guid(bytes[..16], bigEndian: true)),
            System.Buffers.Binary.BinaryPrimitives.ReadUInt16BigEndian(bytes[16..]),
            System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(bytes[18..]));
        return id.Index >= 0;
    }
}
