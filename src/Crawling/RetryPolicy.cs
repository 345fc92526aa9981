using Touchstone.Crawling.Fetching;
using Touchstone.Crawling.Rendering;

namespace Touchstone.Crawling;

/// <summary>What follows from a failed fetch.</summary>
public enum FetchVerdict
{
    /// <summary>Try again after the delay.</summary>
    Retry,

    /// <summary>Our own rules leave the URL out (robots, budget, guard): coverage counts it as skipped.</summary>
    Skip,

    /// <summary>The server or the network failed it for good: coverage counts it as failed.</summary>
    GiveUp,
}

/// <param name="Delay">Before the next try; zero unless the verdict is Retry.</param>
/// <param name="Reason">A stable word for counting, such as <c>robots</c>, <c>timeout</c>, <c>http-404</c>.</param>
public sealed record FetchDecision(FetchVerdict Verdict, TimeSpan Delay, string Reason);

/// <summary>The one place where a failure turns into retry, skip or give up.</summary>
public sealed class RetryPolicy
{
    /// <summary>Delay before the second try; doubled for each further one. Default 5 s.</summary>
    public TimeSpan FirstDelay { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Longest delay; a server that wishes a longer one is given up for this run. Default 5 min.</summary>
    public TimeSpan LongestDelay { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Most tries of one URL. Default 3.</summary>
    public int MaxAttempts { get; set; } = 3;

    /// <summary>Decides about an outcome whose <see cref="FetchOutcome.Failure"/> is set.</summary>
    /// <param name="attempt">How many tries were made, 1 after the first.</param>
    public FetchDecision Decide(FetchOutcome outcome, int attempt)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(attempt, 1);
        FetchFailure failure = outcome.Failure ?? throw new ArgumentException("The fetch succeeded: there is nothing to decide.", nameof(outcome));
        string reason = Reason(failure, outcome.Status);
        return failure switch
        {
            FetchFailure.ForbiddenAddress or FetchFailure.DisallowedByRobots or FetchFailure.BudgetExhausted or FetchFailure.BadUrl or FetchFailure.TooManyBytes => new(FetchVerdict.Skip, TimeSpan.Zero, reason),
            FetchFailure.TooManyRedirects or FetchFailure.UnknownCoding => new(FetchVerdict.GiveUp, TimeSpan.Zero, reason),
            FetchFailure.RobotsUnreachable => Again(outcome, attempt, reason, FetchVerdict.Skip),
            FetchFailure.NameNotResolved or FetchFailure.ConnectionFailed or FetchFailure.TimedOut => Again(outcome, attempt, reason, FetchVerdict.GiveUp),
            FetchFailure.HttpStatus when outcome.Status is 408 or 425 or 429 or >= 500 and not 501 and not 505 => Again(outcome, attempt, reason, FetchVerdict.GiveUp),
            FetchFailure.HttpStatus => new(FetchVerdict.GiveUp, TimeSpan.Zero, reason),
            _ => throw new ArgumentOutOfRangeException(nameof(outcome), failure, "Unknown failure."),
        };
    }

    /// <summary>
    /// Decides about a page that a browser should have shown. A browser that broke is started anew; a page that took too long is given one
    /// more try, because a busy machine looks the same as a slow page. Giving up means to read the page as the server sent it.
    /// </summary>
    /// <param name="failure">Why nothing was rendered.</param>
    /// <param name="attempt">How many tries were made, 1 after the first.</param>
    public FetchDecision Decide(RenderFailure failure, int attempt)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(attempt, 1);
        int tries = failure switch
        {
            RenderFailure.BrowserMissing => 1,
            RenderFailure.BrowserBroken => MaxAttempts,
            RenderFailure.TimedOut or RenderFailure.PageCrashed => Math.Min(2, MaxAttempts),
            _ => throw new ArgumentOutOfRangeException(nameof(failure), failure, "Unknown failure."),
        };
        string reason = CrawlReasons.Of(failure);
        return attempt < tries ? new(FetchVerdict.Retry, DelayAfter(attempt), reason) : new(FetchVerdict.GiveUp, TimeSpan.Zero, reason);
    }

    /// <summary>The stable word for a failure.</summary>
    public static string Reason(FetchFailure failure, int status) => failure switch
    {
        FetchFailure.BadUrl => "bad-url",
        FetchFailure.ForbiddenAddress => "forbidden-address",
        FetchFailure.DisallowedByRobots => "robots",
        FetchFailure.RobotsUnreachable => "robots-unreachable",
        FetchFailure.BudgetExhausted => CrawlReasons.Budget,
        FetchFailure.NameNotResolved => "name-not-resolved",
        FetchFailure.ConnectionFailed => "connection",
        FetchFailure.TimedOut => "timeout",
        FetchFailure.TooManyBytes => "too-many-bytes",
        FetchFailure.TooManyRedirects => "too-many-redirects",
        FetchFailure.UnknownCoding => "unknown-coding",
        FetchFailure.HttpStatus => $"http-{status}",
        _ => throw new ArgumentOutOfRangeException(nameof(failure), failure, "Unknown failure."),
    };

    private FetchDecision Again(FetchOutcome outcome, int attempt, string reason, FetchVerdict atEnd)
    {
        if (attempt >= MaxAttempts || outcome.RetryAfter > LongestDelay) return new(atEnd, TimeSpan.Zero, reason);
        TimeSpan delay = DelayAfter(attempt);
        return new(FetchVerdict.Retry, outcome.RetryAfter > delay ? outcome.RetryAfter.Value : delay, reason);
    }

    private TimeSpan DelayAfter(int attempt)
    {
        TimeSpan delay = FirstDelay * Math.Pow(2, Math.Min(attempt - 1, 20));
        return delay < LongestDelay ? delay : LongestDelay;
    }
}
