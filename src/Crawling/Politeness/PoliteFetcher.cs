using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Touchstone.Crawling.Fetching;
using Touchstone.Crawling.Frontier;
using Touchstone.Crawling.Text;

namespace Touchstone.Crawling.Politeness;

/// <summary>
/// Fetches pages and pictures as a guest: robots rules (or a mandate), one request at a time per host, the host's interval, the run's budget, then the guard.
/// What the installation remembers is asked for only if it changed, and what was given since the run began, to whichever run, is not asked for at all. Each fetch is logged with the policy that allowed or refused it. Safe for concurrent use.
/// </summary>
public sealed class PoliteFetcher(
    OutboundHttp http, RobotsCache robots, HostGate gate, TimeProvider time, MandateLookup? mandates = null, IUrlMemory? memory = null, ILogger<PoliteFetcher>? log = null)
{
    /// <summary>For so long a picture that the server gave or confirmed is not asked for: shops seldom exchange one under its URL.</summary>
    public static readonly TimeSpan PictureRest = TimeSpan.FromDays(7);

    // Some servers say "not modified" whatever they have: after these times the whole answer is asked for.
    private static readonly TimeSpan PageTrust = TimeSpan.FromDays(7), PictureTrust = TimeSpan.FromDays(28);

    // Of an answer that nobody was asked for.
    private const string MemoryPolicy = "memory";

    private readonly MandateLookup _mandates = mandates ?? ((_, _, _) => ValueTask.FromResult<Mandate?>(null));
    private readonly ILogger _log = log ?? NullLogger<PoliteFetcher>.Instance;

    /// <summary>Fetches a URL and follows its redirects, each of them as politely as the first.</summary>
    public Task<FetchOutcome> FetchAsync(string url, FetchLimits limits, RunBudget? budget, CancellationToken cancellationToken) => FollowAsync(url, limits, budget, Want.Page, new Visit(), cancellationToken);

    /// <summary>
    /// Fetches a picture as politely as a page; of the budget it takes bytes. One that the server gave, or confirmed, less than <see cref="PictureRest"/> ago is
    /// not asked for again.
    /// </summary>
    /// <param name="visit">Names the page that shows it: many servers give pictures to no one else.</param>
    public async Task<FetchOutcome> FetchPictureAsync(string url, RunBudget? budget, Visit visit, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(visit);
        DateTimeOffset now = time.GetUtcNow();
        if (DataUrl.IsOne(url)) return DataUrl.Read(url, FetchLimits.Image.MaxBytes) with { At = now };
        if (await FindAsync(url, cancellationToken) is { } known && known.CheckedAt > now - PictureRest)
            return OutboundHttp.Recalled(new FetchOutcome { Url = url, FinalUrl = url, Status = known.Answer.Status, Policy = MemoryPolicy, At = known.CheckedAt }, known.Answer, FetchLimits.Image);
        return await FollowAsync(url, FetchLimits.Image, budget, Want.Picture, visit, cancellationToken);
    }

    /// <summary>Fetches a URL without following a redirect, with and for the cookies of a visit.</summary>
    public Task<FetchHop> FetchOnceAsync(string url, FetchLimits limits, RunBudget? budget, Visit visit, CancellationToken cancellationToken) =>
        FetchOnceAsync(url, limits, budget, Want.Page, visit, cancellationToken);

    /// <summary>
    /// Fetches what a page asks for while it is rendered (scripts, styles and answers of an interface): robots rules and the byte budget hold, the host's
    /// interval does not, because the page that needs them has waited for it.
    /// </summary>
    /// <param name="visit">Names the page that asks.</param>
    public async Task<FetchOutcome> FetchPartAsync(string url, FetchLimits limits, RunBudget? budget, Visit visit, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(visit);
        if (DataUrl.IsOne(url)) return DataUrl.Read(url, limits.MaxBytes) with { At = time.GetUtcNow() };
        string current = url;
        RedirectTrail trail = new(url, limits.MaxRedirects, visit);
        while (true)
        {
            (FetchOutcome? refused, string policy, _) = await AskAsync(current, budget, Want.Part, cancellationToken);
            if (refused is not null) return trail.Take(refused) with { Url = url };
            FetchHop hop = await http.GetOnceAsync(current, limits, visit, null, cancellationToken);
            FetchOutcome outcome = trail.Take(Under(policy, hop.Outcome)) with { Url = url };
            budget?.AddBytes(new Uri(current).Authority, outcome.Body.Length);
            if (hop.RedirectTo is not { } next) return outcome;
            if (trail.Refuses(next) is { } why) return outcome with { FinalUrl = next, Failure = FetchFailure.TooManyRedirects, Detail = why };
            current = next;
        }
    }

    /// <summary>The robots rules of the URL's host, for its sitemaps.</summary>
    public Task<RobotsAnswer> RobotsAsync(string url, CancellationToken cancellationToken) => robots.GetAsync(new Uri(url), cancellationToken);

    private async Task<FetchOutcome> FollowAsync(string url, FetchLimits limits, RunBudget? budget, Want want, Visit visit, CancellationToken cancellationToken)
    {
        string current = url;
        RedirectTrail trail = new(url, limits.MaxRedirects, visit);
        while (true)
        {
            FetchHop hop = await FetchOnceAsync(current, limits, budget, want, visit, cancellationToken);
            FetchOutcome outcome = trail.Take(hop.Outcome) with { Url = url };
            if (hop.RedirectTo is not { } next) return outcome;
            if (trail.Refuses(next) is { } why) return outcome with { FinalUrl = next, Failure = FetchFailure.TooManyRedirects, Detail = why };
            current = next;
        }
    }

    private async Task<FetchHop> FetchOnceAsync(string url, FetchLimits limits, RunBudget? budget, Want want, Visit visit, CancellationToken cancellationToken)
    {
        (FetchOutcome? refused, string policy, TimeSpan? delay) = await AskAsync(url, budget, want, cancellationToken);
        if (refused is not null) return new FetchHop(refused, null);
        string host = new Uri(url).Authority;
        long passes = gate.Passes(host);
        RememberedUrl? known = await FindAsync(url, cancellationToken);
        if (known?.Answer.EndedAt < time.GetUtcNow() - (want == Want.Picture ? PictureTrust : PageTrust)) known = null;
        if (IsFresh(known)) return FromMemory(known!);
        // What was answered is remembered before the next one has its turn: it may want the same.
        long asked = time.GetTimestamp();
        using (HostTurn turn = await gate.EnterAsync(host, delay, budget, cancellationToken))
        {
            CrawlMetrics.Waited(time.GetElapsedTime(asked));
            if (budget?.Since is not null && turn.Passes != passes && await FindAsync(url, cancellationToken) is { } now && IsFresh(now)) return FromMemory(now);
            FetchHop hop = await http.GetOnceAsync(url, limits, visit, known?.Answer, cancellationToken);
            FetchOutcome outcome = Under(policy, hop.Outcome);
            if (outcome.Remembered is null) budget?.AddBytes(host, outcome.Body.Length);
            if (outcome.Status is 429 or 503) await gate.BackOffAsync(host, outcome.RetryAfter ?? TimeSpan.Zero, cancellationToken);
            _log.LogInformation("Fetched {Url}: {Status} {Failure}, allowed by {Policy}", url, outcome.Status, outcome.Failure, policy);
            await RememberAsync(url, outcome, want, cancellationToken);
            CrawlMetrics.Fetched(outcome);
            return new FetchHop(outcome, hop.RedirectTo);
        }

        bool IsFresh(RememberedUrl? remembered) => want == Want.Page && remembered is not null && remembered.CheckedAt >= budget?.Since;

        FetchHop FromMemory(RememberedUrl remembered)
        {
            _log.LogInformation("Not asked {Url}: it was given at {At}", url, remembered.CheckedAt);
            FetchOutcome outcome = OutboundHttp.Recalled(
                new FetchOutcome { Url = url, FinalUrl = url, Status = remembered.Answer.Status, Policy = MemoryPolicy, At = remembered.CheckedAt, Exchanges = [remembered.Answer], IsShared = true }, remembered.Answer, limits);
            CrawlMetrics.Fetched(outcome);
            return new FetchHop(outcome, null);
        }
    }

    private async Task<RememberedUrl?> FindAsync(string url, CancellationToken cancellationToken) =>
        memory is not null && CanonicalUrl.TryCreate(url) is { } canonical ? await memory.FindAsync(canonical.Text, cancellationToken) : null;

    private async Task RememberAsync(string url, FetchOutcome outcome, Want want, CancellationToken cancellationToken)
    {
        if (memory is null || outcome.Failure is not null || CanonicalUrl.TryCreate(url) is not { } canonical) return;
        if (outcome.Remembered is not null) await memory.ConfirmAsync(canonical.Text, outcome.At, cancellationToken);
        else if (outcome.Exchanges is [.., { Status: 200, IsWhole: true, Body.Length: > 0 } answer] && IsWorthKeeping(answer, want)) await memory.KeepAsync(canonical.Text, answer, cancellationToken);
    }

    /// <summary>
    /// A page serves other runs that go on at the same time, also where the server cannot be asked later whether it changed. Where a page comes in the place of a
    /// picture, the server may give the picture another time.
    /// </summary>
    private static bool IsWorthKeeping(FetchExchange answer, Want want)
    {
        string? type = answer.Header("Content-Type");
        return want == Want.Picture ? type?.Contains("html", StringComparison.OrdinalIgnoreCase) != true : PageText.MayBeHtml(type);
    }

    private async Task<(FetchOutcome? Refused, string Policy, TimeSpan? Delay)> AskAsync(string url, RunBudget? budget, Want want, CancellationToken cancellationToken)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out Uri? uri) || uri.Scheme is not ("http" or "https") || uri.Host.Length == 0)
            return (Refuse(url, FetchFailure.BadUrl, "not an absolute http or https URL", "operator"), "operator", null);
        if (budget is not null && !(want == Want.Page ? budget.HasRoom(uri.Authority) : budget.HasBytes(uri.Authority)))
            return (Refuse(url, FetchFailure.BudgetExhausted, $"{uri.Authority} has used its {budget.PagesPerHost} pages or {budget.BytesPerHost} bytes", "operator"), "operator", null);
        Mandate? mandate = await _mandates(uri.Authority, time.GetUtcNow(), cancellationToken);
        RobotsAnswer answer = await robots.GetAsync(uri, cancellationToken);
        if (mandate is not null) return (null, $"mandate:{mandate.Id}", answer.Rules?.CrawlDelay);
        if (answer.Failure is { } failure) return (Refuse(url, failure, answer.Detail, "robots") with { RetryAfter = answer.Until - time.GetUtcNow() }, "robots", null);
        return answer.Rules!.Allows(uri.PathAndQuery)
            ? (null, "robots", answer.Rules.CrawlDelay)
            : (Refuse(url, FetchFailure.DisallowedByRobots, $"{uri.Authority}/robots.txt disallows it", "robots"), "robots", null);
    }

    /// <summary>An outcome, and what went over the wire for it, with the policy that allowed it.</summary>
    private static FetchOutcome Under(string policy, FetchOutcome outcome) => outcome with { Policy = policy, Exchanges = [.. outcome.Exchanges.Select(x => x with { Policy = policy })] };

    private FetchOutcome Refuse(string url, FetchFailure failure, string? detail, string policy)
    {
        _log.LogInformation("Not fetched {Url}: {Failure} ({Detail}), decided by {Policy}", url, failure, detail, policy);
        return new FetchOutcome { Url = url, FinalUrl = url, Failure = failure, Detail = detail, Policy = policy, At = time.GetUtcNow() };
    }

    /// <summary>What a URL is asked for as: each page counts against the run's budget of pages, everything against that of bytes.</summary>
    private enum Want { Page, Picture, Part }
}
