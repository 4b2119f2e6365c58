using Conversations.History;

namespace Conversations.Unit.Tests.Interfaces.History;

public sealed class DeltaLengthsTests
{
    [Fact]
    public void Cut_None_IsNoPieces() => Assert.Empty(DeltaLengths.None.Cut(""));

    // The form on disk: little-endian groups of seven bits.
    [Fact]
    public void Cut_KnownBytes_AreTheLengthsTheyAlwaysWere()
    {
        var lengths = new DeltaLengths(new byte[] { 1, 0x7F, 0x80, 0x01, 0x80, 0x80, 0x01 });
        var text = new string('x', 1 + 127 + 128 + 16_384);

        Assert.Equal([1, 127, 128, 16_384], lengths.Cut(text).Select(piece => piece.Length));
    }

    [Fact]
    public void Equals_SameLengthsInOtherMemory_AreEqual()
    {
        var a = new DeltaLengths(new byte[] { 1, 2 });
        var b = new DeltaLengths(new byte[] { 0, 1, 2 }.AsMemory(1));

        Assert.Equal(a, b);
        Assert.Equal(a.GetHashCode(), b.GetHashCode());
        Assert.NotEqual(a, new DeltaLengths(new byte[] { 1, 3 }));
    }
}
