using System.Security.Cryptography;
using System.Text;
using Conversations.Sessions;

namespace Conversations.Turns;

/// <summary>The name of one turn inside its session: 128 bits, written as 32 hexadecimal digits.</summary>
/// <param name="Value">The 128 bits.</param>
[GenerateSerializer, Immutable, Alias("conversations.TurnId")]
public readonly record struct TurnId([property: Id(0)] Guid Value)
{
    /// <summary>The longest idempotency key a caller may choose, in characters.</summary>
    public const int MaxKeyLength = 255;

    /// <summary>A new id made by a server: ordered by time, so that rows made together lie together.</summary>
    public static TurnId New(TimeProvider time) => new(Guid.CreateVersion7(time.GetUtcNow()));

    /// <summary>The id that a caller's idempotency key names in this session: the same key always names the same turn.</summary>
    public static TurnId FromKey(SessionKey session, string idempotencyKey)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes($"{session}\n{idempotencyKey}"), hash);
        return new TurnId(new Guid(hash[..16], bigEndian: true));
    }

    /// <summary>Reads the 32 hexadecimal digits of <see cref="ToString"/>.</summary>
    public static bool TryParse(string? text, out TurnId id)
    {
        var valid = Guid.TryParseExact(text, "N", out var value);
        id = new TurnId(value);
        return valid;
    }

    /// <inheritdoc/>
    public override string ToString() => Value.ToString("N");
}
