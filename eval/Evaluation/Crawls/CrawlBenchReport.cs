namespace Touchstone.Evaluation.Crawls;

/// <summary>What a crawl bench measures.</summary>
public sealed record CrawlBenchOptions
{
    /// <summary>Products of the shop, 50..100,000.</summary>
    public int Products { get; init; } = 2_000;

    /// <summary>Crawls of each crawler, in turns, at least 1; the median counts.</summary>
    public int Rounds { get; init; } = 3;

    /// <summary>Requests that each crawler may have under way at once, 1..16.</summary>
    public int Parallel { get; init; } = 4;

    /// <summary>Most seconds of one crawl; what runs longer is ended.</summary>
    public int Limit { get; init; } = 600;

    /// <summary>Whether Scrapy is measured, too.</summary>
    public bool Peers { get; init; } = true;
}

/// <summary>One crawl of the shop.</summary>
/// <param name="Requests">That the shop had, robots rules and sitemaps included.</param>
/// <param name="Seconds">From the first request to the end of the crawl.</param>
/// <param name="ProcessorSeconds">Of all its processes, from the first request to the end; null where the system does not tell.</param>
/// <param name="Mebibytes">Most memory of all its processes at once, what they share counted once; null where the system does not tell.</param>
/// <param name="OwnMebibytes">Most memory of its first process.</param>
/// <param name="Products">Different products that it read.</param>
/// <param name="ToLast">Seconds from the first request until the last product that it read.</param>
public sealed record CrawlMeasured(int Requests, double Seconds, double? ProcessorSeconds, double? Mebibytes, double? OwnMebibytes, int Products, double ToLast);

/// <summary>A crawler's figures: each the median of its rounds.</summary>
/// <param name="Note">Why there are no figures; null where there are.</param>
/// <param name="Found">Share of the products that it read, 0..1.</param>
/// <param name="ProcessorMilliseconds">A page.</param>
/// <param name="RequestsAProduct">Requests over the shop's products.</param>
public sealed record CrawlerFigures(string Crawler, double? PagesPerSecond, double? ProcessorMilliseconds, double? Mebibytes, double? OwnMebibytes, double? SecondsToEveryProduct, double? Seconds, double? Found, double? RequestsAProduct, string? Note = null)
{
    public static CrawlerFigures Of(string crawler, IReadOnlyList<CrawlMeasured> rounds, int products)
    {
        double? Middle(Func<CrawlMeasured, double?> value)
        {
            double[] sorted = [.. rounds.Select(value).OfType<double>().Order()];
            return sorted.Length == 0 ? null : (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
        }
        return new CrawlerFigures(
            crawler,
            Middle(r => r.Requests / r.Seconds),
            Middle(r => r.ProcessorSeconds * 1_000 / r.Requests),
            Middle(r => r.Mebibytes),
            Middle(r => r.OwnMebibytes),
            rounds.All(r => r.Products == products) ? Middle(r => r.ToLast) : null,
            Middle(r => r.Seconds),
            Middle(r => (double)r.Products / products),
            Middle(r => (double)r.Requests / products));
    }
}

/// <summary>What <c>touchstone bench crawl</c> found.</summary>
public sealed record CrawlBenchReport(int Products, int Rounds, int Parallel, bool Traps, bool Sitemap, bool Flat, IReadOnlyList<CrawlerFigures> Crawlers);
