using Conversations.Launcher.Commands;
using Conversations.Launcher.Hosts;
using Conversations.Launcher.Postgres;
using Conversations.Launcher.Processes;

namespace Conversations.Unit.Tests.Launcher;

public sealed class LauncherTextTests
{
    [Fact]
    public void ReadyLine_IsOneLineWithUrlKeyAndCurl() =>
        Assert.Equal(
            """Ready: http://127.0.0.1:8080  key: dev-key  try: curl -s http://127.0.0.1:8080/v1/responses -H "Authorization: Bearer dev-key" -H "Content-Type: application/json" -d '{"conversation":"sam","input":"My name is Sam."}'""",
            ReadyMessage.Ready(new Uri("http://127.0.0.1:8080"), "dev-key"));

    [Theory]
    [InlineData(0, "exit code 0")]
    [InlineData(134, "killed by signal 6")]
    [InlineData(137, "killed by signal 9")]
    public void ExitCode_InWords(int exitCode, string words) => Assert.Equal(words, ExitCodes.Explain(exitCode));

    [Fact]
    public void PostgresDirectories_NewestFirst_OthersLeftOut() =>
        Assert.Equal(["/x/17", "/x/15", "/x/9"], PostgresBinaries.InOrder(["/x/9", "/x/17", "/x/common", "/x/15", "/x/9.6"], null));

    [Fact]
    public void PostgresDirectories_WithDataOfAVersion_OnlyThatVersion() =>
        Assert.Equal(["/x/15"], PostgresBinaries.InOrder(["/x/9", "/x/17", "/x/15"], "15"));

    [Fact]
    public void LogTail_LongFile_EndsWithTheLastLinesOfThisStart()
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, "an earlier start\n");
            var from = LogTail.Length(file);
            File.AppendAllLines(file, Enumerable.Range(1, 30).Select(i => $"line {i}"));

            var tail = LogTail.Read(file, from).Split('\n');

            Assert.Equal(20, tail.Length);
            Assert.Equal("line 30", tail[^1]);
            Assert.Equal("", LogTail.Read(file, LogTail.Length(file)));
            Assert.Equal("", LogTail.Read(file + ".none"));
        }
        finally
        {
            File.Delete(file);
        }
    }
}
