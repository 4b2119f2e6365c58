using V1 = Conversations.Client.Grpc.V1;

namespace Conversations.Unit.Tests.Docs;

public sealed class GrpcReferenceTests
{
    private const string Wish = "UPDATE_DOCS";

    [Fact]
    public void Reference_IsWhatTheContractSays()
    {
        var path = Path.Combine(Repository.Docs, "grpc.md");
        var expected = GrpcReference.Write(GrpcReference.Contract());
        if (Environment.GetEnvironmentVariable(Wish) == "1") File.WriteAllText(path, expected);

        Assert.True(expected == File.ReadAllText(path), $"docs/grpc.md is not what the comments in the proto say: run {Wish}=1 dotnet test tests/Unit.Tests --filter GrpcReference");
    }

    [Fact]
    public void Reference_SaysSomethingOfEverything()
    {
        var undocumented = GrpcReference.Write(GrpcReference.Contract()).Split('\n').Where(line => line.EndsWith("|  |", StringComparison.Ordinal));

        Assert.Empty(undocumented);
    }

    [Fact]
    public void Api_NamesEveryCall()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Docs, "api.md"));

        Assert.All(V1.Conversations.Descriptor.Methods, call => Assert.Contains($"| `{call.Name}` |", page, StringComparison.Ordinal));
    }
}
