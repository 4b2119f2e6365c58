using Conversations.Client.Hosting;
using Conversations.Journal.Migrations;
using Microsoft.AspNetCore.Builder;

namespace Conversations.Unit.Tests.Client.Hosting;

public sealed class ConversationsHostTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();

    [Fact]
    public void AddConversationsHost_ConfigFile_LiesBetweenAppsettingsAndCommandLine()
    {
        File.WriteAllText(Path.Combine(_folder.FullName, "appsettings.json"), """{"a": "appsettings", "b": "appsettings", "c": "appsettings"}""");
        var file = Write("""{"b": "file", "c": "file"}""");

        var configuration = Builder($"--{ConversationsHost.ConfigFileKey}={file}", "--c=command").AddConversationsHost().Configuration;

        Assert.Equal(("appsettings", "file", "command"), (configuration["a"], configuration["b"], configuration["c"]));
    }

    [Fact]
    public void AddConversationsHost_NoSuchConfigFile_CannotStart() => Assert.Throws<StartException>(
        () => Builder($"--{ConversationsHost.ConfigFileKey}={Path.Combine(_folder.FullName, "none.json")}").AddConversationsHost());

    [Fact]
    public void AddConversationsHost_MalformedConfigFile_CannotStart() => Assert.Throws<StartException>(
        () => Builder($"--{ConversationsHost.ConfigFileKey}={Write("{")}").AddConversationsHost());

    [Fact]
    public async Task RunAsync_CannotStart_ExitsWithOne()
    {
        Assert.Equal(1, await ConversationsHost.RunAsync(() => throw new SchemaException("Run that.")));
        Assert.Equal(1, await ConversationsHost.RunAsync(() => throw new StartException("Set this.")));
        Assert.Equal(0, await ConversationsHost.RunAsync(() => Task.CompletedTask));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private WebApplicationBuilder Builder(params string[] args) =>
        WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = _folder.FullName });

    private string Write(string json)
    {
        var file = Path.Combine(_folder.FullName, "over.json");
        File.WriteAllText(file, json);
        return file;
    }
}
