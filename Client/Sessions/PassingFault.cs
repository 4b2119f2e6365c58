using Conversations.Sessions;
using Npgsql;
using Orleans.Storage;

namespace Conversations.Client.Sessions;

/// <summary>Tells the faults that another try of the same call may cure from those that it will not.</summary>
internal static class PassingFault
{
    public static bool Is(Exception fault) => fault switch
    {
        RefusalException => false,
        RetryException => true,
        TimeoutException => true,
        // Not the caller's own wish, which is looked at first: a silo that stops, or an abandoned call.
        OperationCanceledException => true,
        OrleansConfigurationException or GrainReferenceNotBoundException or BadProviderConfigException => false,
        // Rejections, unavailable silos and gateways, busy ones, lost connections, fenced writes.
        OrleansException or EnumerationAbortedException => true,
        ObjectDisposedException => true,
        NpgsqlException database => database.IsTransient,
        _ => false,
    };
}
