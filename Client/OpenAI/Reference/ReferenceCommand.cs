namespace Conversations.Client.OpenAI.Reference;

/// <summary>The verb <c>reference</c>: writes the OpenAPI document to a file, for the build, and ends. It needs no settings and no database.</summary>
internal static class ReferenceCommand
{
    public static async Task RunAsync(string file)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.Services.AddRoutingCore().AddAuthorization().AddOpenAI();
        await using var app = builder.Build();
        app.UseRouting();
        app.MapOpenAI();
        // Only then does anybody else know what is mapped; a host does it when it starts.
        app.UseEndpoints(_ => { });
        await File.WriteAllBytesAsync(file, await app.Services.GetRequiredService<ReferenceDocument>().JsonAsync());
    }
}
