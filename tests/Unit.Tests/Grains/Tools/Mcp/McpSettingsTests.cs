using Conversations.Grains.Tools.Mcp;
using Microsoft.Extensions.Configuration;

namespace Conversations.Unit.Tests.Grains.Tools.Mcp;

public sealed class McpSettingsTests
{
    private const string Key = "sesame-very-secret";

    [Fact]
    public void Read_SeveralFaults_AreAllNamed()
    {
        var faults = Faults(
            ("Mcp:a:Command", "x"), ("Mcp:a:Url", "http://x"),
            ("Mcp:b:TimeoutSeconds", "5"),
            ("Mcp:c:Url", "ftp://x"),
            ("Mcp:d:Command", "x"), ("Mcp:d:TimeoutSeconds", "0"), ("Mcp:d:ConnectSeconds", "301"),
            ("Mcp:e:Url", "http://x"), ("Mcp:e:ApiKeyFile", "/not/there"), ("Mcp:e:ApiKey", Key),
            ("Mcp:f:Url", "http://x"), ("Mcp:f:Headers:a b", "c"),
            ("Mcp:g_h:Command", "x"),
            ("Mcp:i:Command", "x"), ("Mcp:i:WorkingDirectory", "/not/there"),
            ("Mcp:j:Command", "x"), ("Mcp:j:Tools:0", "one"), ("Mcp:j:Idempotent:0", "two"), ("Mcp:j:NeedsApproval:0", "*"),
            ("Mcp:k:Command", "x"), ("Mcp:k:TimeoutSeconds", "long"),
            ("Mcp:l:Url", "http://x"), ("Mcp:l:ApiKey", "two words"));

        Assert.Equal(
            [
                "Mcp:a: set either Command or Url.",
                "Mcp:b: set either Command or Url.",
                "Mcp:c: Url must be an http or https address.",
                "Mcp:d: The field ConnectSeconds must be between 1 and 300.",
                "Mcp:d: The field TimeoutSeconds must be between 1 and 3600.",
                "Mcp:e: ApiKeyFile names a file that is not there: /not/there.",
                "Mcp:f: Headers:a b cannot be sent.",
                "Mcp:g_h: its name must be 1 to 32 of A-Z, a-z, 0-9 and -.",
                "Mcp:i: WorkingDirectory is not there: /not/there.",
                "Mcp:j: Tools does not name 'two', which Idempotent or NeedsApproval does.",
                "Mcp:l: ApiKey must be visible ASCII.",
            ],
            faults.Where(f => !f.StartsWith("Mcp:k", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        Assert.Contains("TimeoutSeconds", Assert.Single(faults, f => f.StartsWith("Mcp:k", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.DoesNotContain(faults, f => f.Contains(Key, StringComparison.Ordinal));
    }

    [Fact]
    public void Read_ServersThatCanWork_AreThereWithTheirSettings()
    {
        var faults = new List<string>();
        var servers = McpSettings.Read(
            Configuration(
                ("Mcp:files:Command", "npx"), ("Mcp:files:Arguments:0", "-y"), ("Mcp:files:Environment:ROOT", "/srv"),
                ("Mcp:crm:Url", "https://crm.example/mcp"), ("Mcp:crm:Headers:X-Team", "sales"), ("Mcp:crm:ApiKey", Key)),
            faults);

        Assert.Empty(faults);
        Assert.Equal(["-y"], servers["files"].Arguments);
        Assert.Equal("/srv", servers["files"].Environment["ROOT"]);
        Assert.Equal((60, 15, false), (servers["files"].TimeoutSeconds, servers["files"].ConnectSeconds, servers["files"].TrustHints));
        Assert.Equal(("sales", Key), (servers["crm"].Headers["x-team"], servers["crm"].ApiKey));
    }

    private static List<string> Faults(params (string Name, string Value)[] settings)
    {
        var faults = new List<string>();
        McpSettings.Read(Configuration(settings), faults);
        return faults;
    }

    private static IConfiguration Configuration(params (string Name, string Value)[] settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Name, (string?)s.Value))).Build();
}
