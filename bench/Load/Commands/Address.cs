using System.CommandLine.Parsing;

namespace Conversations.Load.Commands;

/// <summary>Addresses on a command line.</summary>
internal static class Address
{
    public static Uri? Parse(ArgumentResult result)
    {
        if (Uri.TryCreate(result.Tokens[0].Value, UriKind.Absolute, out var url)) return url;
        result.AddError($"{result.Tokens[0].Value} is no address: write it like http://127.0.0.1:8080.");
        return null;
    }
}
