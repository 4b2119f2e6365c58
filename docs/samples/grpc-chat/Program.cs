using System.Globalization;
using System.Runtime.InteropServices;
using Conversations.GrpcChat;
using Grpc.Net.Client;
using V1 = Conversations.Client.Grpc.V1;

// dotnet run --project docs/samples/grpc-chat -- [SERVER [SESSION [SECONDS]]]: one line is one turn; Ctrl+C cancels the one that runs.
var server = args.ElementAtOrDefault(0) ?? "http://127.0.0.1:8081";
var session = args.ElementAtOrDefault(1) ?? "grpc-chat";
var patience = TimeSpan.FromSeconds(double.Parse(args.ElementAtOrDefault(2) ?? "120", CultureInfo.InvariantCulture));
var key = Environment.GetEnvironmentVariable("CONVERSATIONS_KEY") ?? "dev-key";

using var channel = GrpcChannel.ForAddress(server);
var chat = new Chat(new V1.Conversations.ConversationsClient(channel), key, session, patience, Console.Out, TimeProvider.System);
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => signal.Cancel = chat.TryCancel());

while (await Console.In.ReadLineAsync() is { } line)
{
    if (line.Length > 0) await chat.SayAsync(line);
}
