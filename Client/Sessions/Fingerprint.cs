using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Conversations.History;
using Conversations.Sessions;
using Conversations.Turns;

namespace Conversations.Client.Sessions;

/// <summary>The hash that tells a retry from another request under the same name: over what changes the answer, whichever wire it came by.</summary>
internal static class Fingerprint
{
    public static ReadOnlyMemory<byte> Of(ImmutableArray<ItemBody> input, TurnOptions options, bool callsModel = true) => SHA256.HashData(
        JsonSerializer.SerializeToUtf8Bytes(
            new CanonicalRequest(
                1, callsModel, input, options with { Background = false, NamesSession = false, User = null, RequestId = null }),
            CanonicalJson.Default.CanonicalRequest));

    /// <summary>Of a wish for a session: what else it says, besides the name that its key makes.</summary>
    public static string Of(ImmutableSortedDictionary<string, string> metadata, ForkFrom? from = null) => Convert.ToHexStringLower(SHA256.HashData(
        JsonSerializer.SerializeToUtf8Bytes(new CanonicalWish(1, metadata, from), CanonicalJson.Default.CanonicalWish)).AsSpan(0, 16));
}

/// <summary>What is hashed.</summary>
internal sealed record CanonicalRequest(int Format, bool CallsModel, ImmutableArray<ItemBody> Input, TurnOptions Options);

/// <summary>What is hashed of a wish for a session.</summary>
internal sealed record CanonicalWish(int Format, ImmutableSortedDictionary<string, string> Metadata, ForkFrom? From);

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CanonicalRequest))]
[JsonSerializable(typeof(CanonicalWish))]
internal sealed partial class CanonicalJson : JsonSerializerContext;
