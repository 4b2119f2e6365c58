namespace Conversations.Client.Browsers;

/// <summary>How a gateway speaks HTTP; the section <c>Http</c>.</summary>
public sealed class HttpOptions
{
    /// <summary>
    /// The origins, like <c>https://app.example.org</c>, whose pages a browser lets call the dialect, or <c>*</c> for any. A key in a page is
    /// everybody's who opens it. Default: none.
    /// </summary>
    public IList<string> CorsOrigins { get; } = [];
}
