namespace Conversations.Unit.Tests.Docs;

public sealed class SamplesTests
{
    [Theory]
    [InlineData("before.mjs")]
    [InlineData("after.mjs")]
    [InlineData("before.py")]
    [InlineData("after.py")]
    public void FromLangChain_QuotesThePrograms_AsTheyAre(string program) => Assert.Contains(
        $"\n{File.ReadAllText(Path.Combine(Repository.Docs, "samples", "from-langchain", program)).TrimEnd()}\n```",
        File.ReadAllText(Path.Combine(Repository.Docs, "from-langchain.md")));
}
