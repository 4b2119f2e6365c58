using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Conversations.Unit.Tests;

/// <summary>What users run can not be told to kill itself: the crash points of the tests are laid over it from outside.</summary>
public sealed class ProductAssembliesTests
{
    private static readonly string[] Ends = ["Process.Kill", "Environment.FailFast", "Environment.Exit"];

    public static TheoryData<string> Product => ["Silo", "Client", "Grains", "Grains.Interfaces", "Journal"];

    [Theory]
    [MemberData(nameof(Product))]
    public void Product_CannotEndItsProcessAndKnowsNoCrashPoints(string name)
    {
        using var file = new PEReader(File.OpenRead(Assembly.Load($"Conversations.{name}").Location));
        var metadata = file.GetMetadataReader();

        Assert.Empty(Called(metadata).Intersect(Ends));
        Assert.DoesNotContain("Conversations.CrashPoints", metadata.AssemblyReferences.Select(r => metadata.GetString(metadata.GetAssemblyReference(r).Name)));
        // Nor by a call of the system's own.
        Assert.DoesNotContain(metadata.MethodDefinitions, m => metadata.GetMethodDefinition(m).Attributes.HasFlag(MethodAttributes.PinvokeImpl));
    }

    [Fact]
    public void Called_ThisAssembly_SeesAnEnd()
    {
        static void Never() => Environment.FailFast("never called");
        using var file = new PEReader(File.OpenRead(((Action)Never).Method.DeclaringType!.Assembly.Location));

        Assert.Contains("Environment.FailFast", Called(file.GetMetadataReader()));
    }

    private static IEnumerable<string> Called(MetadataReader metadata)
    {
        foreach (var handle in metadata.MemberReferences)
        {
            var member = metadata.GetMemberReference(handle);
            if (member.Parent.Kind != HandleKind.TypeReference) continue;
            var type = metadata.GetTypeReference((TypeReferenceHandle)member.Parent);
            yield return $"{metadata.GetString(type.Name)}.{metadata.GetString(member.Name)}";
        }
    }
}
