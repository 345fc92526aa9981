using Touchstone.Crawling.Extraction;
using Touchstone.Crawling.Extraction.Shop;
using Touchstone.Crawling.Fetching;

namespace Touchstone.Crawling;

/// <summary>Fetches a picture of a page within the visit and the budget of its run.</summary>
public delegate Task<FetchOutcome> PictureFetcher(string url, CancellationToken cancellationToken);

/// <summary>A page that was fetched (and rendered, where that was needed).</summary>
/// <param name="Url">The address under which the frontier holds it.</param>
/// <param name="Fetch">The page as it was fetched, with its exchange.</param>
/// <param name="Rendered">Whether a browser made the HTML.</param>
/// <param name="Picture">Fetches what the page shows; of use until the sink has returned.</param>
/// <param name="Resources">What went over the wire while it was rendered; empty if it was not.</param>
public sealed record CrawledPage(long RunId, string Url, FetchOutcome Fetch, string Html, bool Rendered, IReadOnlyList<FetchExchange> Resources, ExtractionOutcome Extraction, PictureFetcher Picture)
{
    /// <summary>What the page says of the countries that it sells to.</summary>
    public IReadOnlyList<MarketSignal> Signals { get; init; } = [];
}

/// <summary>Receives what a crawl finds. A call that returned means the result is kept; the URL is completed only afterwards.</summary>
public interface ICrawlSink
{
    Task PageAsync(CrawledPage page, CancellationToken cancellationToken);
}

/// <summary>Live numbers of a run, for people.</summary>
/// <param name="NotModified">Pages of which the server said that they have not changed; they count as pages, too.</param>
public sealed record CrawlProgress(long RunId, int Pages, int NotModified, int Listings, int Rendered, int Skipped, int Failed, int Pending, string? CurrentUrl);
