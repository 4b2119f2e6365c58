using Conversations.Client;
using Conversations.Client.Hosting;
using Conversations.Grains;
using Conversations.Grains.Agents;
using Conversations.Journal;
using Conversations.Silo;
using Conversations.Silo.Dashboard;
using Conversations.Silo.Migrate;

return await ConversationsHost.RunAsync(async () =>
{
    var builder = ConversationsHost.CreateBuilder(args);
    builder.AddConversationsHost();
    builder.Services.AddJournal(builder.Configuration);
    if (args is ["migrate", ..])
    {
        await MigrateCommand.RunAsync(builder.Configuration);
        return;
    }

    var mounted = builder.Configuration.GetValue<bool>("Silo:MountGateway");
    builder.AddConversationsSilo();
    builder.Services.AddOperators(builder.Configuration, builder.Environment);
    if (mounted) builder.AddGateway();

    await using var app = builder.Build();
    await app.Services.PrepareJournalAsync();
    try
    {
        app.Services.CheckAgents();
    }
    catch (AgentConfigurationException fault)
    {
        throw new StartException(fault.Message, fault);
    }

    app.MapHealth();
    app.MapConversationsDashboard(SiloHost.AdminPort(app.Configuration));
    if (mounted) app.MapGateway();
    await app.RunAsync();
});
