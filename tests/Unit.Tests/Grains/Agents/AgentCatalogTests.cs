using Conversations.Grains.Agents;
using Conversations.Grains.Agents.Demo;
using Conversations.Grains.Tools;
using Conversations.Sessions;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.SemanticKernel.ChatCompletion;

namespace Conversations.Unit.Tests.Grains.Agents;

public sealed class AgentCatalogTests : IDisposable
{
    private const string Key = "sk-very-secret";

    private static readonly IChatCompletionService Own = new DemoChat(TimeSpan.Zero, TimeProvider.System);

    private readonly string _directory = Directory.CreateTempSubdirectory("conversations-test-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void New_SeveralFaults_AreAllNamed()
    {
        var fault = Assert.Throws<AgentConfigurationException>(() => Catalog(
            Environments.Development,
            ("Agents:a:Provider", "magic"),
            ("Agents:b:Model", "m"),
            ("Agents:c:ApiKeyFile", "/not/there"),
            ("Agents:d:WindowItems", "many"),
            ("Agents:e:Temperature", "7"),
            ("Agents:e:WindowItems", "0"),
            ("Agents:e:WindowTokens", "0"),
            ("Agents:e:Encoding", "p50k_base"),
            ("Agents:e:CompactAfterItems", "3"),
            ("Agents:e:CompactAfterTokens", "-1"),
            ("Agents:e:Tries", "21"),
            ("Agents:e:FirstTokenSeconds", "0"),
            ("Agents:e:IdleSeconds", "3601"),
            ("Agents:e:ApiKey", Key),
            ("Agents:e:Tools:0", "hammer")));

        Assert.Contains("Agents:a: Provider must be 'openai' or 'demo'", fault.Message, StringComparison.Ordinal);
        Assert.Contains("Agents:b: set ApiKey", fault.Message, StringComparison.Ordinal);
        Assert.Contains("Agents:c:ApiKeyFile names a file that is not there: /not/there.", fault.Message, StringComparison.Ordinal);
        Assert.Contains("Agents:d:WindowItems", fault.Message, StringComparison.Ordinal);
        Assert.Contains("Agents:e: The field Temperature", fault.Message, StringComparison.Ordinal);
        Assert.All(
            ["WindowItems", "WindowTokens", "CompactAfterItems", "CompactAfterTokens", "Tries", "FirstTokenSeconds", "IdleSeconds"],
            field => Assert.Contains($"Agents:e: The field {field}", fault.Message, StringComparison.Ordinal));
        Assert.Contains("Agents:e: Encoding must be 'o200k_base' or 'cl100k_base'.", fault.Message, StringComparison.Ordinal);
        Assert.Contains("Agents:e:Tools names 'hammer'", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Key, fault.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Agents:a:Model", "")]
    [InlineData("Agents:a:Model", " ")]
    [InlineData("Agents:a:Endpoint", "no/address")]
    [InlineData("Agents:a:Provider", "")]
    public void New_ValueThatCannotWork_IsAFaultOfTheConfiguration(string name, string value)
    {
        var fault = Record.Exception(() => Catalog(Environments.Development, ("Agents:a:ApiKey", Key), (name, value)));

        Assert.IsType<AgentConfigurationException>(fault);
        Assert.Contains("Agents:a", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void New_ProviderThatTheHostRegisters_IsTheAgentsModel() =>
        Assert.Same(Own, Catalog(Environments.Production, ("Agents:a:Provider", "own")).Get("a").Chat);

    [Fact]
    public void New_DefaultThatIsNoAgent_IsNamed()
    {
        var fault = Assert.Throws<AgentConfigurationException>(() => Catalog(
            Environments.Development, ("DefaultAgent", "b"), ("Agents:a:ApiKey", Key)));

        Assert.Equal("DefaultAgent names 'b', but there is no such agent.", fault.Message);
    }

    [Fact]
    public void New_ProductionWithoutAgents_Refuses()
    {
        var fault = Assert.Throws<AgentConfigurationException>(() => Catalog(Environments.Production));

        Assert.StartsWith("No agent is configured:", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void New_DevelopmentWithoutAgents_HasTheDemo()
    {
        var agent = Catalog(Environments.Development).Get(null);

        Assert.Equal("demo", agent.Name);
        Assert.IsType<DemoChat>(agent.Chat);
        Assert.True(agent.Options is { TakesImages: true, TakesFiles: true });
    }

    [Fact]
    public void New_ProductionThatAsksForTheDemo_HasIt() =>
        Assert.IsType<DemoChat>(Catalog(Environments.Production, ("Agents:demo:Provider", "demo")).Get("demo").Chat);

    [Theory]
    [InlineData("Production")]
    [InlineData("Development")]
    public void New_OtherAgents_BringNoDemo(string environment) =>
        Assert.Equal(["a"], Catalog(environment, ("Agents:a:ApiKey", Key)).Names);

    [Fact]
    public void New_EndpointWithoutAKey_IsFine() =>
        Assert.Equal(["a"], Catalog(Environments.Production, ("Agents:a:Endpoint", "http://localhost:11434/v1")).Names);

    [Fact]
    public void New_KeyFile_IsReadWithoutItsLineEnd()
    {
        var file = Path.Combine(_directory, "key");
        File.WriteAllText(file, Key + "\n");

        Assert.Equal(Key, Catalog(Environments.Production, ("Agents:a:ApiKeyFile", file)).Get("a").Options.ApiKey);
    }

    [Fact]
    public void New_EmptyKeyFile_IsAFault()
    {
        var file = Path.Combine(_directory, "key");
        File.WriteAllText(file, "\n");

        var fault = Assert.Throws<AgentConfigurationException>(() => Catalog(Environments.Production, ("Agents:a:ApiKeyFile", file)));

        Assert.Contains("Agents:a: set ApiKey", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void New_WindowAndThresholds_AreTheAgents()
    {
        var catalog = Catalog(
            Environments.Production,
            ("Agents:plain:ApiKey", Key),
            ("Agents:tight:ApiKey", Key),
            ("Agents:tight:WindowTokens", "1000"),
            ("Agents:tight:Encoding", "cl100k_base"),
            ("Agents:tight:CompactAfterTokens", "600"));

        Assert.Equal((64, null, null), (catalog.Get("plain").Window.Items, catalog.Get("plain").Window.Tokens, catalog.Get("plain").CompactAfter));
        Assert.Equal((64, 1_000), (catalog.Get("tight").Window.Items, catalog.Get("tight").Window.Tokens));
        Assert.Same(TokenCounter.For("cl100k_base"), catalog.Get("tight").Window.Counter);
        Assert.Equal((int.MaxValue, 600), (catalog.Get("tight").CompactAfter?.Items, catalog.Get("tight").CompactAfter?.Tokens));
    }

    [Fact]
    public void Get_NoName_IsTheOnlyAgent() => Assert.Equal("a", Catalog(Environments.Production, ("Agents:a:ApiKey", Key)).Get(null).Name);

    [Fact]
    public void Get_NoNameAmongSeveral_IsTheDefault() => Assert.Equal(
        "b", Catalog(Environments.Production, ("Agents:a:ApiKey", Key), ("Agents:b:ApiKey", Key), ("DefaultAgent", "b")).Get(null).Name);

    [Fact]
    public void Get_NoNameAmongSeveralWithoutADefault_IsRefusedWithTheNames()
    {
        var refusal = Assert.Throws<RefusalException>(() =>
            Catalog(Environments.Production, ("Agents:b:ApiKey", Key), ("Agents:a:ApiKey", Key)).Get(null));

        Assert.Equal((RefusalCode.Invalid, "Name an agent as 'model': a, b.", "model"), (refusal.Code, refusal.Message, refusal.Parameter));
    }

    [Theory]
    [InlineData("c")]
    [InlineData("A")]
    [InlineData("")]
    public void Get_UnknownName_IsRefusedWithTheNames(string name)
    {
        var refusal = Assert.Throws<RefusalException>(() =>
            Catalog(Environments.Production, ("Agents:b:ApiKey", Key), ("Agents:a:ApiKey", Key)).Get(name));

        Assert.Equal(
            (RefusalCode.AgentNotFound, $"There is no agent '{name}'; there are: a, b.", "model"), (refusal.Code, refusal.Message, refusal.Parameter));
    }

    private static AgentCatalog Catalog(string environment, params (string Name, string Value)[] settings) => new(
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Name, (string?)s.Value))).Build(),
        new HostEnvironment(environment),
        new Clients(),
        new ToolCatalog([]),
        TimeProvider.System,
        NullLogger<Agent>.Instance,
        new ServiceCollection().AddKeyedSingleton<IChatCompletionService>("own", Own).BuildServiceProvider());

    private sealed class Clients : IHttpClientFactory
    {
        public HttpClient CreateClient(string name) => new();
    }

    private sealed class HostEnvironment(string name) : IHostEnvironment
    {
        public string EnvironmentName { get; set; } = name;

        public string ApplicationName { get; set; } = "tests";

        public string ContentRootPath { get; set; } = "/";

        public IFileProvider ContentRootFileProvider { get; set; } = new NullFileProvider();
    }
}
