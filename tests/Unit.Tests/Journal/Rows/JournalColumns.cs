using System.Text.RegularExpressions;
using Conversations.Journal.Migrations;

namespace Conversations.Unit.Tests.Journal.Rows;

/// <summary>The names that the newest SQL of the storage takes apart and puts together.</summary>
internal static partial class JournalColumns
{
    /// <summary>The columns of <c>json_to_record</c>: the head.</summary>
    public static IEnumerable<string> Head => Listed(FunctionOf("write_session"), @"json_to_record\(.*?\) as r\((?<columns>[^)]*)\)");

    /// <summary>The columns of <c>json_to_recordset(d.…)</c>.</summary>
    public static IEnumerable<string> Set(string member) =>
        Listed(FunctionOf("write_session"), @"json_to_recordset\(d\." + member + @"\) as \w\((?<columns>[^)]*)\)");

    /// <summary>The members of the object that the read function builds.</summary>
    public static IEnumerable<string> Snapshot => Quoted().Matches(FunctionOf("read_session")).Select(m => m.Groups[1].Value);

    /// <summary>The columns that the read function selects of turns (<c>u</c>) or items (<c>n</c>).</summary>
    public static IEnumerable<string> Read(char alias) =>
        Regex.Matches(Regex.Match(FunctionOf("read_session"), $@"select ({alias}\.\w+,?\s*)+from").Value, $@"{alias}\.(\w+)").Select(m => m.Groups[1].Value);

    private static IEnumerable<string> Listed(string sql, string pattern)
    {
        var list = Regex.Match(sql, pattern, RegexOptions.Singleline);
        Assert.True(list.Success, $"The SQL has no '{pattern}'.");
        return list.Groups["columns"].Value.Split(',').Select(column => column.Trim().Split(' ')[0]);
    }

    private static string FunctionOf(string name)
    {
        var head = $"function conversations.{name}(";
        var sql = SchemaScripts.All.Last(s => s.Sql.Contains(head, StringComparison.Ordinal)).Sql;
        var from = sql.LastIndexOf(head, StringComparison.Ordinal);
        return sql[from..sql.IndexOf("end $$;", from, StringComparison.Ordinal)];
    }

    [GeneratedRegex(@"'(\w+)', (s\.|\()")]
    private static partial Regex Quoted();
}
