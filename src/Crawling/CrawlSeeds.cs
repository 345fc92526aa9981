using Touchstone.Crawling.Discovery;
using Touchstone.Crawling.Frontier;
using Touchstone.Crawling.Politeness;

namespace Touchstone.Crawling;

/// <summary>Puts the first URLs of a run into the frontier: the start URLs, the sitemaps that robots.txt names, and /sitemap.xml where it names none.</summary>
internal sealed class CrawlSeeds(IFrontierStore frontier, PoliteFetcher fetcher, CrawlCounters counters)
{
    /// <summary>The discoverer of a sitemap that nobody named: its absence is no failure.</summary>
    public const string GuessedSitemap = "guess:sitemap";

    /// <summary>The discoverer of a list or a search that the shop's software has unless somebody switched it off: its absence is no failure.</summary>
    public const string GuessedFeed = "guess:feed";

    public async Task PlantAsync(CrawlRequest request, CancellationToken cancellationToken)
    {
        List<FrontierUrl> seeds = [];
        CanonicalUrl[] starts = [.. request.StartUrls.Select(u => CanonicalUrl.TryCreate(u)!)];
        foreach (CanonicalUrl start in starts) seeds.Add(new FrontierUrl(start.Address, start.Host, FrontierKind.Page, LinkRules.StartPriority, 0, null));
        counters.Added(await frontier.AddAsync(request.RunId, request.Worker, seeds, cancellationToken));
        if (!request.UseSitemaps) return;
        FrontierUrl[][] sitemaps = await Task.WhenAll(starts.DistinctBy(s => s.Host, StringComparer.OrdinalIgnoreCase).Select(s => SitemapsAsync(s, cancellationToken)));
        counters.Added(await frontier.AddAsync(request.RunId, request.Worker, [.. sitemaps.SelectMany(s => s)], cancellationToken));
    }

    private async Task<FrontierUrl[]> SitemapsAsync(CanonicalUrl start, CancellationToken cancellationToken)
    {
        RobotsAnswer answer = await fetcher.RobotsAsync(start.Text, cancellationToken);
        CanonicalUrl[] named = [.. (answer.Rules?.Sitemaps ?? []).Select(s => CanonicalUrl.TryCreate(s, start.Text)).OfType<CanonicalUrl>()];
        if (named.Length > 0) return [.. named.Select(s => Sitemap(s, $"{start.Host}/robots.txt"))];
        return CanonicalUrl.TryCreate("/sitemap.xml", start.Text) is { } guess ? [Sitemap(guess, GuessedSitemap)] : [];
    }

    private static FrontierUrl Sitemap(CanonicalUrl url, string discoverer) => new(url.Address, url.Host, FrontierKind.Sitemap, LinkRules.SitemapPriority, 0, discoverer);
}
