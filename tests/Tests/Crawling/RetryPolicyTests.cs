using Touchstone.Crawling;
using Touchstone.Crawling.Fetching;
using Touchstone.Crawling.Rendering;

namespace Touchstone.Tests.Crawling;

public sealed class RetryPolicyTests
{
    private static readonly RetryPolicy Policy = new();

    private static FetchOutcome Failed(FetchFailure failure, int status = 0, TimeSpan? retryAfter = null) =>
        new() { Url = "http://a/", FinalUrl = "http://a/", Failure = failure, Status = status, RetryAfter = retryAfter };

    [Theory]
    [InlineData(FetchFailure.BadUrl, 0, FetchVerdict.Skip, "bad-url")]
    [InlineData(FetchFailure.ForbiddenAddress, 0, FetchVerdict.Skip, "forbidden-address")]
    [InlineData(FetchFailure.DisallowedByRobots, 0, FetchVerdict.Skip, "robots")]
    [InlineData(FetchFailure.BudgetExhausted, 0, FetchVerdict.Skip, "budget")]
    [InlineData(FetchFailure.TooManyBytes, 200, FetchVerdict.Skip, "too-many-bytes")]
    [InlineData(FetchFailure.TooManyRedirects, 302, FetchVerdict.GiveUp, "too-many-redirects")]
    [InlineData(FetchFailure.RobotsUnreachable, 0, FetchVerdict.Retry, "robots-unreachable")]
    [InlineData(FetchFailure.NameNotResolved, 0, FetchVerdict.Retry, "name-not-resolved")]
    [InlineData(FetchFailure.ConnectionFailed, 0, FetchVerdict.Retry, "connection")]
    [InlineData(FetchFailure.TimedOut, 0, FetchVerdict.Retry, "timeout")]
    [InlineData(FetchFailure.HttpStatus, 404, FetchVerdict.GiveUp, "http-404")]
    [InlineData(FetchFailure.HttpStatus, 403, FetchVerdict.GiveUp, "http-403")]
    [InlineData(FetchFailure.HttpStatus, 429, FetchVerdict.Retry, "http-429")]
    [InlineData(FetchFailure.HttpStatus, 501, FetchVerdict.GiveUp, "http-501")]
    [InlineData(FetchFailure.HttpStatus, 503, FetchVerdict.Retry, "http-503")]
    public void Each_failure_has_one_verdict(FetchFailure failure, int status, FetchVerdict verdict, string reason)
    {
        FetchDecision decision = Policy.Decide(Failed(failure, status), 1);
        Assert.Equal((verdict, reason), (decision.Verdict, decision.Reason));
        Assert.Equal(verdict == FetchVerdict.Retry, decision.Delay > TimeSpan.Zero);
    }

    [Fact]
    public void Every_failure_is_decided() =>
        Assert.All(Enum.GetValues<FetchFailure>(), f => Assert.NotEmpty(Policy.Decide(Failed(f, 500), 1).Reason));

    [Theory]
    [InlineData(RenderFailure.BrowserMissing, 0)]
    [InlineData(RenderFailure.TimedOut, 1)]
    [InlineData(RenderFailure.BrowserBroken, 2)]
    public void A_page_that_was_not_rendered_is_tried_again_so_often(RenderFailure failure, int again) =>
        Assert.Equal(again, Enumerable.Range(1, 5).Count(attempt => Policy.Decide(failure, attempt) is { Verdict: FetchVerdict.Retry, Delay.Ticks: > 0 }));

    [Fact]
    public void Delays_double_up_to_the_cap_and_the_last_try_ends()
    {
        RetryPolicy policy = new() { MaxAttempts = 100 };
        Assert.Equal([5, 10, 20, 300], new[] { 1, 2, 3, 99 }.Select(n => policy.Decide(Failed(FetchFailure.TimedOut), n).Delay.TotalSeconds));
        Assert.Equal(FetchVerdict.GiveUp, Policy.Decide(Failed(FetchFailure.TimedOut), 3).Verdict);
        Assert.Equal(FetchVerdict.Skip, Policy.Decide(Failed(FetchFailure.RobotsUnreachable), 3).Verdict);
    }

    [Fact]
    public void The_servers_wish_lengthens_the_delay_and_a_wish_beyond_the_cap_ends_the_url()
    {
        Assert.Equal(TimeSpan.FromSeconds(60), Policy.Decide(Failed(FetchFailure.HttpStatus, 503, TimeSpan.FromSeconds(60)), 1).Delay);
        Assert.Equal(TimeSpan.FromSeconds(5), Policy.Decide(Failed(FetchFailure.HttpStatus, 503, TimeSpan.Zero), 1).Delay);
        Assert.Equal(FetchVerdict.GiveUp, Policy.Decide(Failed(FetchFailure.HttpStatus, 503, TimeSpan.FromHours(2)), 1).Verdict);
    }
}
