using Microsoft.Extensions.Logging;
using Polly;
using Polly.Retry;

namespace Conversations.Grains.Agents;

/// <summary>
/// The one place that calls a model again after a failure. What runs in it ends with the first word, so that a retry never follows
/// anything that was shown, and a stream that breaks behind good headers counts as a failed call, too.
/// </summary>
internal static partial class ModelRetry
{
    private static readonly ResiliencePropertyKey<DateTimeOffset> Until = new("until");

    public static ResiliencePipeline Build(string agent, int tries, TimeProvider time, ILogger log)
    {
        if (tries == 1) return ResiliencePipeline.Empty;
        var retry = new RetryStrategyOptions
        {
            MaxRetryAttempts = tries - 1,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            Delay = TimeSpan.FromMilliseconds(500),
            MaxDelay = TimeSpan.FromSeconds(10),
            ShouldHandle = args => ValueTask.FromResult(
                args.Outcome.Exception is { } failure && ModelFailure.IsPassing(failure) && IsInTime(args.Context, failure, time.GetUtcNow())),
            DelayGenerator = args => ValueTask.FromResult(ModelFailure.RetryAfter(args.Outcome.Exception, time.GetUtcNow())),
            OnRetry = args =>
            {
                LogRetry(log, agent, args.AttemptNumber + 1, args.Outcome.Exception?.GetType().Name, args.RetryDelay);
                return default;
            },
        };
        return new ResiliencePipelineBuilder { TimeProvider = time }.AddRetry(retry).Build();
    }

    /// <summary>Runs a call, again if need be and there is time for it.</summary>
    public static async Task<T> CallAsync<T>(
        this ResiliencePipeline pipeline, Func<CancellationToken, Task<T>> call, DateTimeOffset until, CancellationToken cancellationToken)
    {
        var context = ResilienceContextPool.Shared.Get(continueOnCapturedContext: true, cancellationToken);
        context.Properties.Set(Until, until);
        try
        {
            return await pipeline.ExecuteAsync(static async (context, call) => await call(context.CancellationToken), context, call);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    // A provider that asks for more time than there is gets its failure told at once: the session is not held for nothing.
    private static bool IsInTime(ResilienceContext context, Exception failure, DateTimeOffset now) =>
        ModelFailure.RetryAfter(failure, now) is not { } wait || now + wait < context.Properties.GetValue(Until, DateTimeOffset.MaxValue);
}
