using Conversations.Client.Hosting;
using Conversations.Journal;
using Conversations.Journal.Migrations;

namespace Conversations.Silo.Migrate;

/// <summary>The verb <c>migrate</c>: brings every database to this build's schema and ends.</summary>
internal static class MigrateCommand
{
    /// <exception cref="StartException">The owner's connection string is missing.</exception>
    /// <exception cref="SchemaException">The migration failed.</exception>
    public static async Task RunAsync(IConfiguration configuration)
    {
        if (!await JournalServices.TryMigrateAsync(configuration))
        {
            throw new StartException("ConnectionStrings:Migrate is not set: set it to the connection string of the database's owner.");
        }

        await Console.Out.WriteLineAsync("The schema is up to date.");
    }
}
