using System.Data.Common;
using Npgsql;

namespace Conversations.Journal.Writing;

/// <summary>
/// The database as the storage provider of sessions sees it: it sends its statements one by one, and those that write go together
/// with what other sessions write at the same time (see <see cref="WriteGroups"/>).
/// </summary>
/// <param name="source">The database; not disposed with this.</param>
/// <param name="lanes">How many groups may be under way at once.</param>
internal sealed class GroupingDataSource(NpgsqlDataSource source, int lanes) : DbDataSource
{
    private readonly WriteGroups _groups = new(source, lanes);

    /// <inheritdoc/>
    public override string ConnectionString => source.ConnectionString;

    // Orleans makes one to see that its type is the provider's, and opens none of these.
    /// <inheritdoc/>
    protected override DbConnection CreateDbConnection() => source.CreateConnection();

    /// <inheritdoc/>
    protected override ValueTask<DbConnection> OpenDbConnectionAsync(CancellationToken cancellationToken = default) =>
        new(new GroupingConnection(source, _groups));
}
