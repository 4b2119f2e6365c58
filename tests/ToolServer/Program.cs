using Conversations.ToolServer;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

// A tool server for tests: over standard input and output, or with an address as argument over HTTP.
if (args is [var address])
{
    var builder = WebApplication.CreateSlimBuilder();
    builder.Logging.ClearProviders();
    builder.Services.AddMcpServer().WithHttpTransport().WithTools<EffectTools>();
    await using var app = builder.Build();
    app.Use(async (context, next) =>
    {
        if (context.Request.Headers.Authorization == "Bearer sesame") await next();
        else context.Response.StatusCode = 401;
    });
    app.MapMcp("/mcp");
    await app.RunAsync(address);
}
else
{
    var builder = Host.CreateApplicationBuilder();
    builder.Logging.ClearProviders();
    builder.Services.AddMcpServer().WithStdioServerTransport().WithTools<EffectTools>();
    await builder.Build().RunAsync();
}
