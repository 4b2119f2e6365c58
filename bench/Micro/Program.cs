using BenchmarkDotNet.Running;
using Conversations.Micro;

BenchmarkSwitcher.FromAssembly(typeof(SampleTurn).Assembly).Run(args);
