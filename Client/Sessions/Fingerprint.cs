using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Conversations.History;
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
}

/// <summary>What is hashed.</summary>
internal sealed record CanonicalRequest(int Format, bool CallsModel, ImmutableArray<ItemBody> Input, TurnOptions Options);

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CanonicalRequest))]
internal sealed partial class CanonicalJson : JsonSerializerContext;
