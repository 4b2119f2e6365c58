using System.Diagnostics;
using Microsoft.Extensions.Hosting;

namespace Conversations.NullModel;

/// <summary>Puts the model into the services of the host that is about to be built.</summary>
internal sealed class HostBuilding : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>
{
    public void OnNext(DiagnosticListener value)
    {
        if (value.Name == "Microsoft.Extensions.Hosting") value.Subscribe(this);
    }

    public void OnNext(KeyValuePair<string, object?> value)
    {
        if (value is { Key: "HostBuilding", Value: IHostBuilder builder }) builder.ConfigureServices(services => NullChat.AddTo(services));
    }

    public void OnCompleted()
    {
    }

    public void OnError(Exception error)
    {
    }
}
