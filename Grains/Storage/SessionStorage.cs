using System.Data.Common;
using Conversations.Grains.Sessions;
using Conversations.Journal;
using Conversations.Journal.Sharding;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;

namespace Conversations.Grains.Storage;

/// <summary>Puts the storage of sessions into a silo.</summary>
internal static class SessionStorage
{
    /// <summary>
    /// Adds the stock provider for each database; if there are several, under names of their own, and before them, under the name that
    /// the session grain asks for, what knows which session is whose.
    /// </summary>
    public static ISiloBuilder AddSessionStorage(this ISiloBuilder silo, int databases)
    {
        if (databases == 1) return silo.AddProvider(SessionGrain.StorageName, 0);
        for (var i = 0; i < databases; i++) silo.AddProvider(NameOf(i), i);
        silo.Services.AddKeyedSingleton<IGrainStorage>(SessionGrain.StorageName, (provider, _) => new ShardedStorage(
            provider.GetRequiredService<ShardMap>(),
            [.. Enumerable.Range(0, databases).Select(i => provider.GetRequiredKeyedService<IGrainStorage>(NameOf(i)))]));
        return silo;
    }

    private static string NameOf(int database) => $"{SessionGrain.StorageName}-{database + 1}";

    private static ISiloBuilder AddProvider(this ISiloBuilder silo, string name, int database) =>
        silo.AddAdoNetGrainStorage(name, options => options.Configure<IServiceProvider>((storage, provider) =>
        {
            storage.Invariant = "Npgsql";
            storage.DataSource = provider.GetRequiredKeyedService<DbDataSource>(JournalServices.SessionsOf(database));
            storage.GrainStorageSerializer = new SessionSerializer();
            // A deleted session keeps its versioned row: see deploy/postgres.
            storage.DeleteStateOnClear = false;
        }));
}
