using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using Npgsql;

namespace Conversations.Journal.Writing;

/// <summary>A statement of the storage provider: what appends to a session goes with a group, all else as it is.</summary>
internal sealed class GroupingCommand(NpgsqlDataSource source, WriteGroups groups) : DbCommand
{
    private readonly NpgsqlCommand _command = new();

    [AllowNull]
    public override string CommandText
    {
        get => _command.CommandText;
        set => _command.CommandText = value;
    }

    public override int CommandTimeout
    {
        get => _command.CommandTimeout;
        set => _command.CommandTimeout = value;
    }

    public override CommandType CommandType
    {
        get => _command.CommandType;
        set => _command.CommandType = value;
    }

    public override bool DesignTimeVisible { get; set; }

    public override UpdateRowSource UpdatedRowSource { get; set; }

    protected override DbConnection? DbConnection { get; set; }

    protected override DbParameterCollection DbParameterCollection => _command.Parameters;

    protected override DbTransaction? DbTransaction { get; set; }

    public override void Cancel()
    {
    }

    public override int ExecuteNonQuery() => throw new NotSupportedException();

    public override object ExecuteScalar() => throw new NotSupportedException();

    public override void Prepare() => throw new NotSupportedException();

    protected override DbParameter CreateDbParameter() => _command.CreateParameter();

    protected override DbDataReader ExecuteDbDataReader(CommandBehavior behavior) => throw new NotSupportedException();

    protected override async Task<DbDataReader> ExecuteDbDataReaderAsync(CommandBehavior behavior, CancellationToken cancellationToken)
    {
        // Of the provider's statements only the one that writes has a payload.
        if (Value("PayloadBinary") is not byte[] payload)
        {
            _command.Connection = await source.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
            return await _command.ExecuteReaderAsync(behavior | CommandBehavior.CloseConnection, cancellationToken).ConfigureAwait(false);
        }

        var written = Append(payload) is { } change ? groups.WriteAsync(new SessionWrite(_command, change)) : groups.WriteAloneAsync(_command);
        return new VersionReader(await written.WaitAsync(cancellationToken).ConfigureAwait(false));
    }

    private SessionChange? Append(byte[] payload)
    {
        // What is no session's state is for the database to refuse.
        var isSession = Value("GrainTypeString") is "session" && Value("GrainIdN0") is 0L && Value("GrainIdN1") is 0L;
        return isSession && Value("GrainIdExtensionString") is string key && key.IndexOf('/', StringComparison.Ordinal) > 0
            ? SessionChange.Read(key, Value("GrainStateVersion") as int?, payload)
            : null;
    }

    // The collection's own search by name makes an index first.
    private object? Value(string name)
    {
        foreach (NpgsqlParameter parameter in _command.Parameters)
        {
            if (parameter.ParameterName == name) return parameter.Value;
        }

        return null;
    }
}
