using Conversations.Chaos.Broken;

namespace Conversations.Chaos.Tests;

/// <summary>What is wrong on purpose can still be made wrong: the service has not moved away from under it.</summary>
public sealed class BrokenBuildTests
{
    public static TheoryData<string> Names => [.. BrokenBuild.All.Select(broken => broken.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Edits_OfABrokenBuild_FitTheService(string name)
    {
        var root = Root();
        var copy = Directory.CreateTempSubdirectory("conversations-broken-").FullName;
        try
        {
            var broken = BrokenBuild.All.Single(build => build.Name == name);
            foreach (var file in broken.Edits.Select(edit => edit.File).Distinct())
            {
                Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(copy, file))!);
                File.Copy(Path.Combine(root, file), Path.Combine(copy, file));
            }

            foreach (var edit in broken.Edits) edit.Apply(copy);
            Assert.All(broken.Edits, edit => Assert.NotEqual(File.ReadAllText(Path.Combine(root, edit.File)), File.ReadAllText(Path.Combine(copy, edit.File))));
        }
        finally
        {
            Directory.Delete(copy, recursive: true);
        }
    }

    private static string Root()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "Conversations.sln"))) directory = directory.Parent!;
        return directory.FullName;
    }
}
