using System.Text.Json.Serialization;

namespace Conversations.Sessions;

/// <summary>How long a session is kept. The words are on disk.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SessionLifetime>))]
public enum SessionLifetime
{
    /// <summary>Until somebody deletes it.</summary>
    [JsonStringEnumMemberName("kept")] Kept = 0,

    /// <summary>No caller named it: until it was not used for long.</summary>
    [JsonStringEnumMemberName("unnamed")] Unnamed = 1,

    /// <summary>It is there for one request or connection, and nobody else finds it: as long as that lasts.</summary>
    [JsonStringEnumMemberName("private")] Private = 2,
}
