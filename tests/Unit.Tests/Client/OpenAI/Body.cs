using System.Text;
using Conversations.Client.OpenAI.Errors;
using Conversations.Client.OpenAI.Parsing;

namespace Conversations.Unit.Tests.Client.OpenAI;

/// <summary>Request bodies to test with.</summary>
internal static class Body
{
    public static RequestNode Of(string json) => RequestBody.Parse(Encoding.UTF8.GetBytes(json));

    /// <summary>What a request is refused with.</summary>
    public static DialectError Refusal(Action read) => Assert.Throws<DialectException>(read).Error;
}
