using System.CommandLine;
using Conversations.Importer.Commands;

namespace Conversations.Unit.Tests.Importer.Commands;

public sealed class ImportCommandTests
{
    [Fact]
    public void Options_OfAFullCommandLine_AreAsSaid()
    {
        var (options, faults) = Read("--from", "redis", "--connection", "redis://h:1", "--prefix", "", "--to", "http://c:8080", "--key", "k", "--dry-run");

        Assert.Empty(faults);
        Assert.Equal(
            new ImportOptions { From = SourceKind.Redis, Connection = "redis://h:1", Prefix = "", To = new Uri("http://c:8080"), Key = "k", DryRun = true }, options);
    }

    [Theory]
    [InlineData("--from takes postgres or redis.", "--from", "mongo", "--connection", "c", "--key", "k")]
    [InlineData("--connection is missing: give it, or set CONVERSATIONS_IMPORT_CONNECTION.", "--from", "postgres", "--key", "k")]
    [InlineData("--key is missing: give it, or set CONVERSATIONS_KEY.", "--from", "postgres", "--connection", "c")]
    [InlineData("--to takes an address like http://127.0.0.1:8080.", "--from", "postgres", "--connection", "c", "--key", "k", "--to", "here")]
    public void Parse_Fault_IsOneSentence(string sentence, params string[] arguments) => Assert.Equal([sentence], Read(arguments).Faults);

    private static (ImportOptions? Options, IReadOnlyList<string> Faults) Read(params string[] arguments)
    {
        var command = new ImportCommand((_, _) => Task.FromResult(0));
        var result = command.Parse(arguments);
        string[] faults = [.. result.Errors.Select(error => error.Message)];
        return (faults.Length == 0 ? command.Options(result) : null, faults);
    }
}
