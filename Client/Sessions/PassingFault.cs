using Conversations.Sessions;
using Npgsql;
using Orleans.Serialization;
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
        // A fault of the silo's that has no name here, like its database's while it wakes a session.
        CodecNotFoundException => true,
        ObjectDisposedException => true,
        NpgsqlException database => database.IsTransient,
        _ => false,
    };
}
