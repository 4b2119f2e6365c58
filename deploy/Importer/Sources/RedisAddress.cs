using StackExchange.Redis;

namespace Conversations.Importer.Sources;

/// <summary>Reads an address as Redis clients write it: <c>redis://user:password@host:port/db</c>, or the words of our client's library.</summary>
internal static class RedisAddress
{
    private const int DefaultPort = 6379;

    public static ConfigurationOptions Read(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("redis" or "rediss")) return ConfigurationOptions.Parse(text);
        var options = new ConfigurationOptions { EndPoints = { { url.Host, url.Port > 0 ? url.Port : DefaultPort } }, Ssl = url.Scheme == "rediss" };
        if (url.UserInfo.Split(':', 2) is [var user, var password])
        {
            options.User = user.Length > 0 ? Uri.UnescapeDataString(user) : null;
            options.Password = Uri.UnescapeDataString(password);
        }

        if (int.TryParse(url.AbsolutePath.Trim('/'), out var database)) options.DefaultDatabase = database;
        return options;
    }
}
