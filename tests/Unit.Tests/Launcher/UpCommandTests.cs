using Conversations.Launcher.Commands;

namespace Conversations.Unit.Tests.Launcher;

public sealed class UpCommandTests
{
    private readonly UpCommand _command = new(_ => Task.FromResult(0));

    [Fact]
    public void Parse_NoArguments_GivesTheDefaults()
    {
        var options = Options();

        Assert.Equal(new UpOptions(), options);
        Assert.Equal((2, 1, 8080), (options.Silos, options.Gateways, options.Port));
    }

    [Fact]
    public void Parse_AllOptions_AreRead()
    {
        var options = Options("--silos", "3", "--gateways", "2", "--port", "9000", "--data", "/tmp/x", "--postgres", "Host=db;Username=me", "--restart");

        Assert.Equal(new UpOptions { Silos = 3, Gateways = 2, Port = 9000, Data = "/tmp/x", Postgres = "Host=db;Username=me", Restart = true }, options);
    }

    [Fact]
    public void Parse_Databases_AreThoseOfThePrivateServer() => Assert.Equal(4, Options("--databases", "4").Databases);

    [Fact]
    public void Parse_RelativeData_IsMadeAbsolute() => Assert.Equal(Path.GetFullPath("some/where"), Options("--data", "some/where").Data);

    [Theory]
    [InlineData("--silos takes a number from 1 to 64, not '0'.", "--silos", "0")]
    [InlineData("--silos takes a number from 1 to 64, not 'many'.", "--silos", "many")]
    [InlineData("--gateways takes a number from 1 to 32, not '-1'.", "--gateways", "-1")]
    [InlineData("--port takes a number from 1 to 65535, not '65536'.", "--port", "65536")]
    [InlineData("--port 65535 leaves no room for 1 × 2 ports below 65536.", "--port", "65535")]
    [InlineData("--port 65531 leaves no room for 3 × 2 ports below 65536.", "--port", "65531", "--gateways", "3")]
    [InlineData("--mounted is one process: leave out --silos and --gateways.", "--mounted", "--silos", "2")]
    [InlineData("--mounted is one process: leave out --silos and --gateways.", "--gateways", "2", "--mounted")]
    [InlineData("--databases takes a number from 1 to 64, not '0'.", "--databases", "0")]
    [InlineData("--databases is for the server that deploy/up starts: leave out --postgres.", "--databases", "2", "--postgres", "Host=db")]
    [InlineData("--postgres names no Host: it looks like 'Host=…;Database=…;Username=…;Password=…'.", "--postgres", "Username=me")]
    public void Parse_Fault_IsOneSentence(string sentence, params string[] arguments) =>
        Assert.Equal([sentence], _command.Parse(arguments).Errors.Select(e => e.Message));

    [Theory]
    [InlineData("--nonsense")]
    [InlineData("--data")]
    [InlineData("--data", "")]
    [InlineData("--config", "/there/is/no/such.json")]
    [InlineData("--postgres", "nonsense")]
    [InlineData("word")]
    public void Parse_OtherFaults_AreRefused(params string[] arguments) => Assert.NotEmpty(_command.Parse(arguments).Errors);

    [Theory]
    [InlineData("""{ "Agents": {}, /* comments and a last comma are fine */ }""", true)]
    [InlineData("[]", false)]
    [InlineData("{", false)]
    public void Parse_ConfigFile_MustHoldAJsonObject(string content, bool accepted)
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, content);

            Assert.Equal(accepted, _command.Parse(["--config", file]).Errors.Count == 0);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void Parse_ConnectionStringFault_DoesNotRepeatIt() =>
        Assert.DoesNotContain(_command.Parse(["--postgres", "Host=db;Nonsense=secret"]).Errors, e => e.Message.Contains("secret", StringComparison.Ordinal));

    private UpOptions Options(params string[] arguments)
    {
        var result = _command.Parse(arguments);
        Assert.Empty(result.Errors);
        return _command.Options(result);
    }
}
