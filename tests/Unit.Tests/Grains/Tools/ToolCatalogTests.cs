using System.Text.Json;
using Conversations.Grains.Tools;
using Conversations.Grains.Tools.Mcp;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;

namespace Conversations.Unit.Tests.Grains.Tools;

public sealed class ToolCatalogTests
{
    [Fact]
    public void Grant_NamesOfEveryKind_AreGrantedAndTheRestIsNamed()
    {
        var faults = new List<string>();
        var grant = Catalog().Grant(["clock", "files.read", "crm.*", "hammer", "files.delete", "nobody.read", "files.", ".read"], "Agents:a:Tools", faults);

        Assert.Equal(
            ["'hammer'", "'files.delete'", "'nobody.read'", "'files.'", "'.read'"],
            faults.Select(f => f.Split(' ')[2].TrimEnd(',')));
        Assert.All(faults, f => Assert.EndsWith("there are: clock, crm.*, files.*.", f, StringComparison.Ordinal));
        Assert.Equal(["clock", "files_read"], grant.Now.Select(t => t.Name));
    }

    [Fact]
    public void Grant_OfServersNobodyReachedYet_KnowsTheirToolsByName()
    {
        var grant = Catalog().Grant(["files.read", "crm.*"], "", []);

        Assert.Equal("files_read", grant.Find("files_read")?.Name);
        Assert.Equal("crm_anything", grant.Find("crm_anything")?.Name);
        Assert.Null(grant.Find("files_delete"));
        Assert.Null(grant.Find("crm_"));
        Assert.Null(grant.Find("clock"));
        // A caller's own tool must not become one of theirs later.
        Assert.True(grant.Takes("files_delete"));
        Assert.False(grant.Takes("clock"));
    }

    [Fact]
    public void Faults_ServerWhoseToolsWouldBeCalledLikeTheSilos_IsNamed()
    {
        var faults = Catalog(new Tool { Name = "crm_find", Description = "", Schema = default, InvokeAsync = (_, _) => Task.FromResult("") }).Faults;
        Assert.Equal("Mcp:crm: its tools' names would begin like that of the silo's 'crm_find': choose another name.", Assert.Single(faults));
    }

    private static ToolCatalog Catalog(params Tool[] more) => new(
        [new Tool { Name = "clock", Description = "", Schema = JsonElement.Parse("{}"), InvokeAsync = (_, _) => Task.FromResult("") }, .. more],
        new McpServers(
            new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["Mcp:files:Command"] = "x",
                ["Mcp:files:Tools:0"] = "read",
                ["Mcp:crm:Url"] = "http://127.0.0.1:1",
            }).Build(),
            null!,
            TimeProvider.System,
            NullLogger<McpServer>.Instance));
}
