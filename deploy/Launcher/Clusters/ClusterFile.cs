using System.Text.Encodings.Web;
using System.Text.Json;

namespace Conversations.Launcher.Clusters;

/// <summary>What runs, for a person or a test that wants to reach or to kill exactly one: the content of <c>cluster.json</c>.</summary>
/// <param name="Postgres">The connection string of the hosts; of the first database, if there are several.</param>
/// <param name="Silos">The silos that run.</param>
/// <param name="Gateways">The gateways that run; one in a silo has the silo's pid.</param>
public sealed record ClusterFile(string Postgres, IReadOnlyList<ClusterFile.Silo> Silos, IReadOnlyList<ClusterFile.Gateway> Gateways)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        // Read by people; never by a browser.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>One silo.</summary>
    /// <param name="Name">The name, as in the header <c>x-conversations-silo</c>.</param>
    /// <param name="Pid">Its process.</param>
    /// <param name="Admin">Its health and dashboard.</param>
    public sealed record Silo(string Name, int Pid, string Admin);

    /// <summary>One gateway.</summary>
    /// <param name="Pid">Its process.</param>
    /// <param name="Http">Its HTTP endpoint.</param>
    /// <param name="Grpc">Its gRPC endpoint.</param>
    public sealed record Gateway(int Pid, string Http, string Grpc);

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public static ClusterFile Read(string path) =>
        JsonSerializer.Deserialize<ClusterFile>(File.ReadAllText(path), Json) ?? throw new JsonException($"{path} holds null.");

    /// <summary>Replaces the file at once: a reader sees the old or the new one, whole. Only we may read it, for the password in it.</summary>
    public void Write(string path)
    {
        var unfinished = path + ".new";
        File.Delete(unfinished);
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };
        using (var stream = new FileStream(unfinished, options))
            JsonSerializer.Serialize(stream, this, Json);
        File.Move(unfinished, path, overwrite: true);
    }
}
