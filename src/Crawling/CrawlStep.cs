using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Touchstone.Crawling.Discovery;
using Touchstone.Crawling.Extraction;
using Touchstone.Crawling.Extraction.Shop;
using Touchstone.Crawling.Fetching;
using Touchstone.Crawling.Frontier;
using Touchstone.Crawling.Politeness;
using Touchstone.Crawling.Rendering;
using Touchstone.Crawling.Text;

namespace Touchstone.Crawling;

/// <summary>One leased URL from fetch to completion. Safe for concurrent use by the tasks of one run.</summary>
internal sealed class CrawlStep(
    CrawlRequest request, IFrontierStore frontier, PoliteFetcher fetcher, HostGate gate, ChromiumRenderer renderer, PageReader reader, RetryPolicy retry,
    TimeProvider time, ICrawlSink sink, RunBudget budget, CrawlCounters counters, BodyRoom bodies, ILogger log)
{
    private const int MaxOwnRedirects = 5;

    // A page over which the process ended twice would end it again.
    private const int MostLosses = 2;

    // Pages that only redirected.
    private readonly ConcurrentDictionary<string, bool> _sentOn = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _counted = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, Visit> _visits = new(StringComparer.OrdinalIgnoreCase);

    // Shops whose pages ask again and again, as of one that was not whole even when it was given more time.
    private readonly ConcurrentDictionary<string, bool> _restless = new(StringComparer.OrdinalIgnoreCase);

    // Shops whose pages end before the length that they announce, as of one that did so at each try.
    private readonly ConcurrentDictionary<string, bool> _breaksOff = new(StringComparer.OrdinalIgnoreCase);
    private readonly CrawlDiscovery _discovery = new(request, frontier, counters, async (url, token) => (await fetcher.RobotsAsync(url, token)).Rules?.Allows(url) != false);

    public async Task RunAsync(FrontierLease lease, CancellationToken cancellationToken)
    {
        using Activity? span = CrawlTraces.Begin(lease.Url);
        try
        {
            await VisitAsync(lease, cancellationToken);
        }
        catch (Exception e)
        {
            span?.SetStatus(ActivityStatusCode.Error, e.Message).AddException(e);
            throw;
        }
    }

    private async Task VisitAsync(FrontierLease lease, CancellationToken cancellationToken)
    {
        FrontierUrl url = lease.Url;
        if (lease.Losses >= MostLosses)
        {
            log.LogError("Given up {Url}: {Count} workers ended while they read it", url.Url, lease.Losses);
            await EndAsync(lease, FrontierState.Failed, "ended-workers", 0, cancellationToken);
            return;
        }
        await CountEarlierAsync(url.Host, cancellationToken);
        if (url.Kind == FrontierKind.Page && !budget.HasRoom(url.Host))
        {
            // Who lost the run meanwhile knows nothing of its budget any more.
            if (await EndAsync(lease, FrontierState.Skipped, CrawlReasons.Budget, 0, cancellationToken))
                counters.SkippedMany(await frontier.SkipHostAsync(request.RunId, url.Host, CrawlReasons.Budget, cancellationToken), CrawlReasons.Budget);
            return;
        }
        if (await _discovery.WhyNotAsync(url, cancellationToken) is { } why)
        {
            await EndAsync(lease, FrontierState.Skipped, why, 0, cancellationToken);
            return;
        }
        // Held until the page or sitemap was read: what is large is not only fetched but also read one after the other.
        using BodyPlace place = bodies.Enter();
        FetchHop hop = await FetchAsync(url, place, cancellationToken);
        FetchOutcome outcome = hop.Outcome;
        await place.GrowAsync(outcome.Body.Length, cancellationToken);
        if (outcome.BrokeOff && await AsksAnewAsync(lease, outcome, cancellationToken)) return;
        if (outcome.Failure is not null) await FailAsync(lease, outcome, cancellationToken);
        else if (hop.RedirectTo is { } target) await RedirectAsync(lease, target, outcome.Status, cancellationToken);
        else if (url.Kind == FrontierKind.Sitemap) await SitemapAsync(lease, outcome, cancellationToken);
        else await PageAsync(lease, outcome, cancellationToken);
    }

    /// <summary>After a restart, what an earlier process fetched counts against the host's budget.</summary>
    private async Task CountEarlierAsync(string host, CancellationToken cancellationToken)
    {
        if (_counted.TryAdd(host, true)) budget.AddPages(host, await frontier.CountDoneAsync(request.RunId, host, cancellationToken));
    }

    /// <summary>
    /// Fetches; a redirect to the same page in another spelling is followed at once, because the frontier knows the page already. So is one that comes with a
    /// new cookie: many shops set one on a page of its own and send the visitor back. Where it does not lead back, the page counts as redirected.
    /// </summary>
    private async Task<FetchHop> FetchAsync(FrontierUrl url, BodyPlace place, CancellationToken cancellationToken)
    {
        FetchLimits limits = (url.Kind == FrontierKind.Sitemap ? FetchLimits.Sitemap : FetchLimits.Page) with { Place = place };
        RunBudget? counted = url.Kind == FrontierKind.Page ? budget : null;
        Visit visit = VisitOf(url.Host);
        string current = url.Url;
        FetchHop? left = null;
        List<FetchExchange> exchanges = [];
        for (int redirects = 0; ; redirects++)
        {
            int cookies = visit.Version;
            FetchHop hop = await fetcher.FetchOnceAsync(current, limits, counted, visit, cancellationToken);
            exchanges.AddRange(hop.Outcome.Exchanges);
            hop = hop with { Outcome = hop.Outcome with { Exchanges = [.. exchanges] } };
            // A page that only sets a cookie and is to be asked for again.
            if (hop.RedirectTo is null && visit.Version != cookies && redirects < MaxOwnRedirects && RefreshTarget.AsksAgain(hop.Outcome)) continue;
            // Back at the page that sent here, which wanted a cookie first: it was not read before.
            if (left is not null && hop is { RedirectTo: null, Outcome.Failure: null } && CanonicalUrl.TryCreate(current) is { } sender && _sentOn.TryRemove(sender.Text, out _)) return hop;
            if (hop.RedirectTo is not { } target) return left ?? hop;
            bool back = IsPage(target, url);
            if (WebUrl.TryParse(target) is { } next && SideEffects.In(next)) return left ?? hop;
            if (!back && (visit.Version == cookies || !IsSameSite(target, url.Host))) return left ?? hop;
            if (redirects == MaxOwnRedirects) return left ?? new FetchHop(hop.Outcome with { Failure = FetchFailure.TooManyRedirects, Detail = $"{current} redirects to itself" }, null);
            left = back ? null : left ?? hop;
            current = target;
        }
    }

    private static bool IsPage(string target, FrontierUrl url) => CanonicalUrl.TryCreate(target)?.Text is { } text && text == CanonicalUrl.TryCreate(url.Url)?.Text;

    private static bool IsSameSite(string target, string host) => CanonicalUrl.TryCreate(target) is { } url && LinkFinder.IsSameSite(url.Host, host);

    /// <summary>One visit of a site a run: its cookies are kept as long.</summary>
    private Visit VisitOf(string host) => _visits.GetOrAdd(CanonicalUrl.SiteOf(host), _ => new Visit());

    /// <summary>Puts a page back that did not come whole, unless the last try, or the shop's other pages, did not either: then what came is read, as browsers do.</summary>
    private async Task<bool> AsksAnewAsync(FrontierLease lease, FetchOutcome outcome, CancellationToken cancellationToken)
    {
        FetchDecision decision = retry.Decide(outcome with { Failure = FetchFailure.ConnectionFailed }, lease.Attempt);
        bool again = decision.Verdict == FetchVerdict.Retry && !_breaksOff.ContainsKey(lease.Url.Host);
        if (again) await RetryAsync(lease, decision, cancellationToken);
        else _breaksOff[lease.Url.Host] = true;
        return again;
    }

    private async Task FailAsync(FrontierLease lease, FetchOutcome outcome, CancellationToken cancellationToken)
    {
        FetchDecision decision = retry.Decide(outcome, lease.Attempt);
        if (decision.Verdict == FetchVerdict.Retry)
        {
            if (outcome.Status is 429 or 503) await gate.BackOffAsync(lease.Url.Host, decision.Delay, cancellationToken);
            await RetryAsync(lease, decision, cancellationToken);
            return;
        }
        bool guessed = lease.Url.DiscoveredFrom is CrawlSeeds.GuessedSitemap or CrawlSeeds.GuessedFeed && outcome.Failure == FetchFailure.HttpStatus;
        FrontierState state = guessed || decision.Verdict == FetchVerdict.Skip ? FrontierState.Skipped : FrontierState.Failed;
        await EndAsync(lease, state, guessed ? NoList(lease.Url) : decision.Reason, outcome.Status, cancellationToken);
    }

    /// <summary>The target becomes a URL of its own, so that it is fetched once however many pages lead to it.</summary>
    private async Task RedirectAsync(FrontierLease lease, string target, int status, CancellationToken cancellationToken)
    {
        FrontierUrl url = lease.Url;
        if (url.Kind == FrontierKind.Page) budget.AddPages(url.Host, 1);
        CanonicalUrl? next = CanonicalUrl.TryCreate(target);
        // A start URL may lead to the shop's real home; a link inside a shop that leads elsewhere leaves the shop.
        bool leaves = next is not null && !LinkFinder.IsSameSite(next.Host, url.Host) && ((url.Depth > 0 && url.Kind == FrontierKind.Page) || !request.MayLeadTo(next.Host));
        if (next is null || leaves)
        {
            await EndAsync(lease, FrontierState.Skipped, next is null ? "bad-url" : "off-site", status, cancellationToken);
            return;
        }
        WebUrl address = WebUrl.TryParse(next.Text)!;
        if (SideEffects.IsLogIn(address))
        {
            await EndAsync(lease, FrontierState.Skipped, CrawlReasons.LogIn, status, cancellationToken);
            return;
        }
        LinkView view = LinkRules.Judge(address);
        string? skip = view.IsAsset ? "asset" : url.Depth == 0 && view.SkipReason != "excluded" ? null : view.SkipReason;
        FrontierUrl found = new(next.Address, next.Host, url.Kind, url.Priority, url.Depth, url.Url, skip);
        await _discovery.AddAsync([found], cancellationToken);
        if (CanonicalUrl.TryCreate(url.Url) is { } sender) _sentOn.TryAdd(sender.Text, true);
        // Done counts fetched pages; a redirect is none.
        await EndAsync(lease, FrontierState.Skipped, "redirect", status, cancellationToken);
    }

    private async Task SitemapAsync(FrontierLease lease, FetchOutcome outcome, CancellationToken cancellationToken)
    {
        SitemapContent content = SitemapReader.Read(outcome.Body, outcome.FinalUrl, outcome.ContentType);
        await _discovery.AddSitemapAsync(lease.Url, content, cancellationToken);
        bool nothing = content.Format == SitemapFormat.Unknown;
        string reason = nothing ? NoList(lease.Url) : CrawlReasons.Sitemap(!content.Complete, outcome);
        await EndAsync(lease, nothing ? FrontierState.Skipped : FrontierState.Done, reason, outcome.Status, cancellationToken);
    }

    private static string NoList(FrontierUrl url) => url.DiscoveredFrom == CrawlSeeds.GuessedFeed ? CrawlReasons.NoFeed : "no-sitemap";

    private async Task PageAsync(FrontierLease lease, FetchOutcome outcome, CancellationToken cancellationToken)
    {
        budget.AddPages(lease.Url.Host, 1);
        if (!PageText.MayBeHtml(outcome.ContentType))
        {
            await EndAsync(lease, FrontierState.Skipped, "not-html", outcome.Status, cancellationToken);
            return;
        }
        if (await ReadAsync(null, outcome) is not { } page)
        {
            await EndAsync(lease, FrontierState.Failed, "unreadable", outcome.Status, cancellationToken);
            return;
        }
        if (page.Extraction.Reason is NoListingReason.NotHtml or NoListingReason.TookTooLong)
        {
            await NotReadAsync(lease, page.Extraction.Reason.Value, page.Html, outcome.Status, cancellationToken);
            return;
        }
        if (page.Links.Refresh is { } target && page.Extraction.Listing is null)
        {
            await _discovery.AddPageAsync(lease.Url, page.Links, false, false, cancellationToken);
            await RedirectAsync(lease, target, outcome.Status, cancellationToken);
            return;
        }
        RenderOutcome? render = null;
        if (NeedsBrowser(lease.Url, page))
        {
            if (await ShowAsync(lease, page, outcome, cancellationToken) is not { } shown) return;
            (page, render) = shown;
        }
        if (page.Extraction.Listing is null && page.Links.AsksPassword && LeadsNowhere(lease.Url, page.Links))
        {
            await EndAsync(lease, FrontierState.Skipped, CrawlReasons.LogIn, outcome.Status, cancellationToken);
            return;
        }
        (ExtractionOutcome extraction, bool offers) = Once(page.Extraction, outcome);
        // Links first: a page whose completion a crash prevents is read again, and adding them again changes nothing.
        await _discovery.AddPageAsync(lease.Url, page.Links, offers, page.Extraction.Listing is not null, cancellationToken);
        Visit visit = VisitOf(lease.Url.Host).From(outcome.FinalUrl);
        Task<FetchOutcome> Picture(string address, CancellationToken token) => fetcher.FetchPictureAsync(address, budget, visit, token);
        await sink.PageAsync(new CrawledPage(request.RunId, lease.Url.Url, outcome, page.Html, render?.Html is not null, render?.Resources ?? [], extraction, Picture) { Signals = page.Signals }, cancellationToken);
        await EndAsync(lease, FrontierState.Done, CrawlReasons.Page(extraction, outcome, render), outcome.Status, cancellationToken);
    }

    /// <summary>The page as a browser shows it, or as it was sent where none did; null: the URL is put back or completed.</summary>
    private async Task<(ReadPage Page, RenderOutcome Render)?> ShowAsync(FrontierLease lease, ReadPage sent, FetchOutcome outcome, CancellationToken cancellationToken)
    {
        Visit visit = VisitOf(new Uri(outcome.FinalUrl).Authority).From(outcome.FinalUrl);
        RenderOutcome render = await renderer.RenderAsync(outcome, (url, limits, token) => fetcher.FetchPartAsync(url, limits, budget, visit, token), lease.Attempt, cancellationToken);
        ReadPage? shown = render.Html is { } html ? await ReadAsync(html, outcome) : null;
        if (render.Html is { } unread && sent.Extraction.Listing is null && shown is null or { Extraction.Reason: NoListingReason.TookTooLong })
        {
            if (shown is null) await EndAsync(lease, FrontierState.Failed, "unreadable", outcome.Status, cancellationToken);
            else await NotReadAsync(lease, NoListingReason.TookTooLong, unread, outcome.Status, cancellationToken);
            return null;
        }
        if (!render.IsWhole && shown is { Extraction.Listing: null }) render = render with { Failure = RenderFailure.TimedOut, Detail = "it was not whole when its time was over" };
        if (render.Failure is { } failure)
        {
            log.LogInformation("Not rendered {Url}: {Failure} ({Detail})", outcome.FinalUrl, failure, render.Detail);
            bool restless = shown is not null && !LeadsNowhere(lease.Url, shown.Links) && _restless.ContainsKey(lease.Url.Host);
            if (!restless && retry.Decide(failure, lease.Attempt) is { Verdict: FetchVerdict.Retry } again)
            {
                await RetryAsync(lease, again, cancellationToken);
                return null;
            }
            if (shown is not null) _restless[lease.Url.Host] = true;
        }
        return (shown is not null && (shown.Extraction.Listing is not null || sent.Extraction.Listing is null) ? shown : sent, render);
    }

    /// <summary>What was not read is never done: the coverage counts it. What took too long took it of a processor, and would again.</summary>
    private async Task NotReadAsync(FrontierLease lease, NoListingReason reason, string html, int status, CancellationToken cancellationToken)
    {
        if (reason == NoListingReason.NotHtml)
        {
            bool text = !PageText.LooksBinary(html);
            await EndAsync(lease, text ? FrontierState.Skipped : FrontierState.Failed, text ? "not-html" : "unreadable", status, cancellationToken);
        }
        else
        {
            await EndAsync(lease, FrontierState.Failed, "read-timeout", status, cancellationToken);
        }
    }

    /// <summary>Reads a page as it was fetched, or as it was rendered; null if it cannot be read, which is logged and must not end the run.</summary>
    private async Task<ReadPage?> ReadAsync(string? rendered, FetchOutcome outcome)
    {
        try
        {
            string html = rendered ?? PageText.Decode(outcome.Body.Span, outcome.ContentType);
            PageReading page = await reader(html, outcome.FinalUrl, rendered is null ? outcome.ContentType : null);
            return new ReadPage(html, page.Extraction, page.Links, page.Signals);
        }
        catch (Exception e) when (e is not (OperationCanceledException or OutOfMemoryException))
        {
            log.LogError(e, "Could not read {Url}", outcome.FinalUrl);
            return null;
        }
    }

    /// <summary>The offer once a run: what was read under another address, with all its pictures, is no listing again.</summary>
    private (ExtractionOutcome Extraction, bool Offers) Once(ExtractionOutcome extraction, FetchOutcome outcome)
    {
        if (extraction.Listing is not { } read) return (extraction, false);
        (ListingFacts facts, bool repeated) = _discovery.Take(outcome.FinalUrl, read);
        return repeated ? (new ExtractionOutcome(null, NoListingReason.AlreadyRead, $"{facts.Url} was read under another address."), false) : (extraction with { Listing = facts }, true);
    }

    /// <summary>A page that leaves everything to scripts, an offer whose pictures they bring, or a shop's front page whose links they bring.</summary>
    private static bool NeedsBrowser(FrontierUrl url, ReadPage page) =>
        page.Extraction.Reason == NoListingReason.ClientRendered
        || (page.Html.Contains("<script", StringComparison.OrdinalIgnoreCase)
            && (page.Extraction.Listing is { Images.Count: 0 } || (url.Depth == 0 && page.Extraction.Listing is null && !page.Links.AsksPassword && LeadsNowhere(url, page.Links))));

    private static bool LeadsNowhere(FrontierUrl url, FoundLinks links) => links.LeadNowhere(CanonicalUrl.TryCreate(url.Url)?.Text ?? url.Url);

    private async Task RetryAsync(FrontierLease lease, FetchDecision decision, CancellationToken cancellationToken)
    {
        CrawlTraces.Ended(FrontierState.Failed, decision.Reason, 0);
        await frontier.RetryAsync(lease, decision.Reason, time.GetUtcNow() + decision.Delay, cancellationToken);
    }

    /// <summary>Completes the URL; false if its lease was lost before.</summary>
    private async Task<bool> EndAsync(FrontierLease lease, FrontierState state, string reason, int status, CancellationToken cancellationToken)
    {
        CrawlTraces.Ended(state, reason, status);
        bool held = await frontier.CompleteAsync(lease, state, reason, status, cancellationToken);
        if (held) counters.Ended(state, reason, lease.Url.Url);
        else log.LogWarning("The lease of {Url} was lost before it was completed", lease.Url.Url);
        return held;
    }

    /// <summary>A page as it was read: as the server sent it, or as a browser showed it.</summary>
    private sealed record ReadPage(string Html, ExtractionOutcome Extraction, FoundLinks Links, IReadOnlyList<MarketSignal> Signals);
}
