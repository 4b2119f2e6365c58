using System.Collections;
using System.Data.Common;
using System.Globalization;

namespace Conversations.Journal.Writing;

/// <summary>What the write statement answers: one row with the new version, or null in it.</summary>
internal sealed class VersionReader(int? version) : DbDataReader
{
    // The storage provider asks for it by this name.
    private const string Column = "NewGrainStateVersion";

    private bool _isBefore = true;

    public override int Depth => 0;

    public override int FieldCount => 1;

    public override bool HasRows => true;

    public override bool IsClosed => false;

    public override int RecordsAffected => -1;

    public override object this[int ordinal] => GetValue(ordinal);

    public override object this[string name] => GetValue(GetOrdinal(name));

    public override bool Read()
    {
        var reads = _isBefore;
        _isBefore = false;
        return reads;
    }

    public override bool NextResult() => false;

    public override string GetName(int ordinal) => Column;

    public override int GetOrdinal(string name) =>
        string.Equals(name, Column, StringComparison.OrdinalIgnoreCase) ? 0 : throw new ArgumentException($"There is no column {name}.", nameof(name));

    public override object GetValue(int ordinal) => version is { } value ? value : DBNull.Value;

    public override int GetValues(object[] values)
    {
        values[0] = GetValue(0);
        return 1;
    }

    public override bool IsDBNull(int ordinal) => version is null;

    public override int GetInt32(int ordinal) => version ?? throw new InvalidCastException();

    public override Type GetFieldType(int ordinal) => typeof(int);

    public override string GetDataTypeName(int ordinal) => "integer";

    public override string GetString(int ordinal) => GetInt32(ordinal).ToString(CultureInfo.InvariantCulture);

    public override IEnumerator GetEnumerator() => new DbEnumerator(this);

    public override bool GetBoolean(int ordinal) => throw new InvalidCastException();

    public override byte GetByte(int ordinal) => throw new InvalidCastException();

    public override long GetBytes(int ordinal, long dataOffset, byte[]? buffer, int bufferOffset, int length) => throw new InvalidCastException();

    public override char GetChar(int ordinal) => throw new InvalidCastException();

    public override long GetChars(int ordinal, long dataOffset, char[]? buffer, int bufferOffset, int length) => throw new InvalidCastException();

    public override DateTime GetDateTime(int ordinal) => throw new InvalidCastException();

    public override decimal GetDecimal(int ordinal) => throw new InvalidCastException();

    public override double GetDouble(int ordinal) => throw new InvalidCastException();

    public override float GetFloat(int ordinal) => throw new InvalidCastException();

    public override Guid GetGuid(int ordinal) => throw new InvalidCastException();

    public override short GetInt16(int ordinal) => throw new InvalidCastException();

    public override long GetInt64(int ordinal) => GetInt32(ordinal);
}
