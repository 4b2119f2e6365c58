using System.Text;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Conversations.Unit.Tests.Docs;

/// <summary>Writes <c>docs/grpc.md</c> of the contract and its comments.</summary>
internal static class GrpcReference
{
    private const int PackageField = 2;

    /// <summary>The contract, as the build described it.</summary>
    public static FileDescriptorSet Contract() =>
        FileDescriptorSet.Parser.ParseFrom(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "conversations.protoset")));

    public static string Write(FileDescriptorSet contract)
    {
        var source = contract.File.Single(file => file.Package == "conversations.v1");
        var file = FileDescriptor.BuildFromByteStrings(contract.File.Select(f => f.ToByteString())).Single(f => f.Package == source.Package);
        var header = source.SourceCodeInfo.Location.Single(location => location.Path is [PackageField]).LeadingComments;
        var page = new StringBuilder();
        page.Append("# gRPC reference\n\n<!-- Made of the comments in Client/Grpc/conversations.proto; a test fails when they differ and says how to make it anew. -->\n\n");
        page.Append($"The package `{file.Package}`: [conversations.proto](../Client/Grpc/conversations.proto). Where it stands beside HTTP: [api.md](api.md#grpc).\n\n");
        page.Append(Block(header)).Append('\n');
        foreach (var service in file.Services) Write(page, service);
        page.Append("## Messages\n\n");
        foreach (var message in file.MessageTypes) Write(page, message);
        page.Append("## Enumerations\n\n");
        foreach (var type in file.EnumTypes) Write(page, type);
        return page.ToString().TrimEnd() + "\n";
    }

    private static void Write(StringBuilder page, ServiceDescriptor service)
    {
        page.Append($"## Calls of {service.FullName}\n\n{Line(service.Declaration)}\n\n");
        foreach (var call in service.Methods)
        {
            var answer = $"{(call.IsServerStreaming ? "stream of " : "")}{Link(call.OutputType)}";
            page.Append($"### {call.Name}\n\n{Link(call.InputType)} → {answer}\n\n{Line(call.Declaration)}\n\n");
        }
    }

    private static void Write(StringBuilder page, MessageDescriptor message)
    {
        page.Append($"### {message.Name}\n\n{Line(message.Declaration)}\n\n");
        if (message.Fields.InDeclarationOrder().Count == 0) return;
        page.Append("| # | field | type | what |\n|---|---|---|---|\n");
        foreach (var field in message.Fields.InDeclarationOrder())
            page.Append($"| {field.FieldNumber} | `{field.Name}` | {TypeOf(field)} | {Line(field.Declaration)} |\n");
        page.Append('\n');
    }

    private static void Write(StringBuilder page, EnumDescriptor type)
    {
        page.Append($"### {type.Name}\n\n{Line(type.Declaration)}\n\n| # | value | what |\n|---|---|---|\n");
        foreach (var value in type.Values) page.Append($"| {value.Number} | `{value.Name}` | {Line(value.Declaration)} |\n");
        page.Append('\n');
    }

    private static string TypeOf(FieldDescriptor field) => field switch
    {
        { IsMap: true } => $"map of {NameOf(field.MessageType.Fields[1])} to {NameOf(field.MessageType.Fields[2])}",
        { IsRepeated: true } => $"list of {NameOf(field)}",
        { RealContainingOneof: { } choice } => $"{NameOf(field)}, one of `{choice.Name}`",
        { HasPresence: true, FieldType: not FieldType.Message } => $"{NameOf(field)}, optional",
        _ => NameOf(field),
    };

    private static string NameOf(FieldDescriptor field) => field.FieldType switch
    {
        FieldType.Message => Link(field.MessageType),
        FieldType.Enum => Link(field.EnumType),
        var scalar => scalar.ToString().ToLowerInvariant(),
    };

    private static string Link(IDescriptor type) =>
        type.File.Package == "conversations.v1" ? $"[{type.Name}](#{type.Name.ToLowerInvariant()})" : $"`{type.FullName}`";

    private static string Line(DescriptorDeclaration? declaration) =>
        string.Join(' ', (declaration?.LeadingComments ?? "").Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            .Replace("|", "\\|", StringComparison.Ordinal);

    // Indented lines are a table of the author's.
    private static string Block(string comment)
    {
        var block = new StringBuilder();
        var isTable = false;
        foreach (var line in comment.TrimEnd().Split('\n').Select(line => line.StartsWith(' ') ? line[1..] : line))
        {
            if (line.StartsWith("  ", StringComparison.Ordinal) != isTable)
            {
                block.Append("```\n");
                isTable = !isTable;
            }

            block.Append(line.Trim()).Append('\n');
        }

        return block.ToString();
    }
}
