using Conversations.Client;
using Conversations.Client.Hosting;
using Conversations.Client.OpenAI.Reference;
using Conversations.Journal;

return await ConversationsHost.RunAsync(async () =>
{
    if (args is ["reference", var file])
    {
        await ReferenceCommand.RunAsync(file);
        return;
    }

    var builder = ConversationsHost.CreateBuilder(args);
    builder.AddConversationsHost();
    builder.Services.AddJournal(builder.Configuration);
    builder.AddClusterConnection();
    builder.AddGateway();

    await using var app = builder.Build();
    app.MapHealth();
    app.MapGateway();
    await app.Services.PrepareJournalAsync();
    await app.RunAsync();
});
