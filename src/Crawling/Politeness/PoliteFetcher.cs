using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Touchstone.Crawling.Fetching;

namespace Touchstone.Crawling.Politeness;

/// <summary>
/// Fetches pages as a guest: robots rules (or a mandate), one request at a time per host, the host's interval, the run's budget, then the guard.
/// Each fetch is logged with the policy that allowed or refused it. Safe for concurrent use.
/// </summary>
public sealed class PoliteFetcher(OutboundHttp http, RobotsCache robots, HostGate gate, TimeProvider time, MandateLookup? mandates = null, ILogger<PoliteFetcher>? log = null)
{
    private readonly MandateLookup _mandates = mandates ?? ((_, _) => null);
    private readonly ILogger _log = log ?? NullLogger<PoliteFetcher>.Instance;

    /// <summary>Fetches a URL and follows its redirects, each of them as politely as the first.</summary>
    public async Task<FetchOutcome> FetchAsync(string url, FetchLimits limits, RunBudget? budget, CancellationToken cancellationToken)
    {
        string current = url;
        Visit visit = new();
        RedirectTrail trail = new(url, limits.MaxRedirects, visit);
        while (true)
        {
            FetchHop hop = await FetchOnceAsync(current, limits, budget, visit, cancellationToken);
            FetchOutcome outcome = trail.Take(hop.Outcome) with { Url = url };
            if (hop.RedirectTo is not { } next) return outcome;
            if (trail.Refuses(next) is { } why) return outcome with { FinalUrl = next, Failure = FetchFailure.TooManyRedirects, Detail = why };
            current = next;
        }
    }

    /// <summary>Fetches a URL without following a redirect, with and for the cookies of a visit.</summary>
    public async Task<FetchHop> FetchOnceAsync(string url, FetchLimits limits, RunBudget? budget, Visit visit, CancellationToken cancellationToken)
    {
        (FetchOutcome? refused, string policy, TimeSpan? delay) = await AskAsync(url, budget, cancellationToken);
        if (refused is not null) return new FetchHop(refused, null);
        string host = new Uri(url).Authority;
        using HostTurn turn = await gate.EnterAsync(host, delay, cancellationToken);
        FetchHop hop = await http.GetOnceAsync(url, limits, visit, cancellationToken);
        FetchOutcome outcome = hop.Outcome with { Policy = policy };
        budget?.AddBytes(host, outcome.Body.Length);
        if (outcome.Status is 429 or 503) gate.BackOff(host, outcome.RetryAfter ?? TimeSpan.Zero);
        _log.LogInformation("Fetched {Url}: {Status} {Failure}, allowed by {Policy}", url, outcome.Status, outcome.Failure, policy);
        return new FetchHop(outcome, hop.RedirectTo);
    }

    /// <summary>
    /// Fetches what a page asks for (its pictures; scripts, styles and answers of an interface while it is rendered): robots rules and the byte budget hold,
    /// the host's interval does not, because the page that needs them has waited for it.
    /// </summary>
    /// <param name="visit">Names the page that asks: many servers give pictures to no one else.</param>
    public async Task<FetchOutcome> FetchPartAsync(string url, FetchLimits limits, RunBudget? budget, Visit visit, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(visit);
        if (DataUrl.IsOne(url)) return DataUrl.Read(url, limits.MaxBytes) with { At = time.GetUtcNow() };
        string current = url;
        RedirectTrail trail = new(url, limits.MaxRedirects, visit);
        while (true)
        {
            (FetchOutcome? refused, string policy, _) = await AskAsync(current, budget, cancellationToken);
            if (refused is not null) return trail.Take(refused) with { Url = url };
            FetchHop hop = await http.GetOnceAsync(current, limits, visit, cancellationToken);
            FetchOutcome outcome = trail.Take(hop.Outcome) with { Url = url, Policy = policy };
            budget?.AddBytes(new Uri(current).Authority, outcome.Body.Length);
            if (hop.RedirectTo is not { } next) return outcome;
            if (trail.Refuses(next) is { } why) return outcome with { FinalUrl = next, Failure = FetchFailure.TooManyRedirects, Detail = why };
            current = next;
        }
    }

    /// <summary>The robots rules of the URL's host, for its sitemaps.</summary>
    public Task<RobotsAnswer> RobotsAsync(string url, CancellationToken cancellationToken) => robots.GetAsync(new Uri(url), cancellationToken);

    private async Task<(FetchOutcome? Refused, string Policy, TimeSpan? Delay)> AskAsync(string url, RunBudget? budget, CancellationToken cancellationToken)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out Uri? uri) || uri.Scheme is not ("http" or "https") || uri.Host.Length == 0)
            return (Refuse(url, FetchFailure.BadUrl, "not an absolute http or https URL", "operator"), "operator", null);
        if (budget?.HasRoom(uri.Authority) == false)
            return (Refuse(url, FetchFailure.BudgetExhausted, $"{uri.Authority} has used its {budget.PagesPerHost} pages or {budget.BytesPerHost} bytes", "operator"), "operator", null);
        Mandate? mandate = _mandates(uri.Authority, time.GetUtcNow());
        RobotsAnswer answer = await robots.GetAsync(uri, cancellationToken);
        if (mandate is not null) return (null, $"mandate:{mandate.Id}", answer.Rules?.CrawlDelay);
        if (answer.Failure is { } failure) return (Refuse(url, failure, answer.Detail, "robots") with { RetryAfter = answer.Until - time.GetUtcNow() }, "robots", null);
        return answer.Rules!.Allows(uri.PathAndQuery)
            ? (null, "robots", answer.Rules.CrawlDelay)
            : (Refuse(url, FetchFailure.DisallowedByRobots, $"{uri.Authority}/robots.txt disallows it", "robots"), "robots", null);
    }

    private FetchOutcome Refuse(string url, FetchFailure failure, string? detail, string policy)
    {
        _log.LogInformation("Not fetched {Url}: {Failure} ({Detail}), decided by {Policy}", url, failure, detail, policy);
        return new FetchOutcome { Url = url, FinalUrl = url, Failure = failure, Detail = detail, Policy = policy, At = time.GetUtcNow() };
    }
}
