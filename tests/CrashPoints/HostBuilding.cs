using System.Diagnostics;
using Conversations.Grains.Sessions;
using Conversations.Grains.Tools;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Storage;

namespace Conversations.CrashPoints;

/// <summary>Puts the points into the services of the host that is about to be built.</summary>
internal sealed class HostBuilding(string directory) : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>
{
    public void OnNext(DiagnosticListener value)
    {
        if (value.Name == "Microsoft.Extensions.Hosting") value.Subscribe(this);
    }

    public void OnNext(KeyValuePair<string, object?> value)
    {
        if (value is { Key: "HostBuilding", Value: IHostBuilder builder }) builder.ConfigureServices(AddPoints);
    }

    public void OnCompleted()
    {
    }

    public void OnError(Exception error)
    {
    }

    private void AddPoints(IServiceCollection services)
    {
        var kill = new KillSwitch(directory);
        services.AddSingleton<IIncomingGrainCallFilter>(new AcceptPoints(kill));
        services.AddSingleton<IConfigureGrainContextProvider>(new LifePoints(kill));
        services.AddTool(_ => RingTool.Make(directory));
        var storage = services.Last(s => s.ServiceType == typeof(IGrainStorage) && Equals(s.ServiceKey, SessionGrain.StorageName));
        services.Remove(storage);
        services.AddKeyedSingleton<IGrainStorage>(
            SessionGrain.StorageName, (provider, key) => new JournalPoints((IGrainStorage)storage.KeyedImplementationFactory!(provider, key), kill));
    }
}
