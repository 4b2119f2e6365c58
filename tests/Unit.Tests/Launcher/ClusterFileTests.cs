using System.Text.Json;
using System.Text.Json.Nodes;
using Conversations.Launcher.Clusters;

namespace Conversations.Unit.Tests.Launcher;

public sealed class ClusterFileTests : IDisposable
{
    private static readonly ClusterFile Sample = new(
        "Host=127.0.0.1;Password=a+b",
        [new("silo-1", 11, "http://127.0.0.1:4001"), new("silo-2", 12, "http://127.0.0.1:4002")],
        [new(13, "http://127.0.0.1:8080", "http://127.0.0.1:8081")]);

    private readonly string _directory = Directory.CreateTempSubdirectory("conversations-test-").FullName;

    private string FilePath => Path.Combine(_directory, "cluster.json");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void Write_Shape_IsTheDocumentedOne()
    {
        Sample.Write(FilePath);

        var expected = JsonNode.Parse("""
            {
              "postgres": "Host=127.0.0.1;Password=a+b",
              "silos": [
                { "name": "silo-1", "pid": 11, "admin": "http://127.0.0.1:4001" },
                { "name": "silo-2", "pid": 12, "admin": "http://127.0.0.1:4002" }
              ],
              "gateways": [ { "pid": 13, "http": "http://127.0.0.1:8080", "grpc": "http://127.0.0.1:8081" } ]
            }
            """);
        Assert.True(JsonNode.DeepEquals(expected, JsonNode.Parse(File.ReadAllText(FilePath))));
    }

    [Fact]
    public void Read_WhatWasWritten_IsTheSame()
    {
        Sample.Write(FilePath);

        var read = ClusterFile.Read(FilePath);

        Assert.Equal(JsonSerializer.Serialize(Sample), JsonSerializer.Serialize(read));
    }

    [Fact]
    public void Write_Again_ReplacesTheFileAndLeavesNothingElse()
    {
        Sample.Write(FilePath);
        (Sample with { Silos = [] }).Write(FilePath);

        Assert.Empty(ClusterFile.Read(FilePath).Silos);
        Assert.Equal([FilePath], Directory.GetFiles(_directory));
    }

    [Fact]
    public void Write_Mode_IsOursAlone()
    {
        Sample.Write(FilePath);

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(FilePath));
    }
}
