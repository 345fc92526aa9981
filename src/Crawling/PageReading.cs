using System.Text.Json;
using AngleSharp.Html.Dom;
using Touchstone.Crawling.Discovery;
using Touchstone.Crawling.Extraction;
using Touchstone.Crawling.Extraction.Shop;
using Touchstone.Crawling.Text;

namespace Touchstone.Crawling;

/// <summary>Reads a page from its text. What it throws is a mistake of ours, or says that the page cannot be read; it ends neither the run nor the process.</summary>
/// <param name="url">The page's URL after redirects.</param>
/// <param name="contentType">The Content-Type header; null for what a browser rendered.</param>
public delegate Task<PageReading> PageReader(string html, string url, string? contentType);

/// <summary>What a page says: its offer, or why it has none, and its links.</summary>
public sealed record PageReading(ExtractionOutcome Extraction, FoundLinks Links)
{
    /// <summary>What it says of the countries that it sells to.</summary>
    public IReadOnlyList<MarketSignal> Signals { get; init; } = [];

    /// <summary>A reader in this process. Safe for concurrent calls.</summary>
    public static PageReader Here { get; } = (html, url, contentType) => Task.FromResult(Read(html, url, contentType));

    /// <summary>Reads in this process. Safe for concurrent calls.</summary>
    public static PageReading Read(string html, string url, string? contentType)
    {
        using IHtmlDocument document = PageParser.Parse(html);
        ExtractionOutcome? unread = ListingExtractor.WhyUnread(html, contentType);
        ExtractionOutcome extraction = unread ?? ListingExtractor.Read(document, url);
        return new PageReading(extraction, LinkFinder.Find(document, url, PageText.QueriesOf(html, contentType))) { Signals = unread is null ? MarketSignals.Read(document, url, extraction.Listing?.Currency) : [] };
    }

    /// <summary>A page whose reading was given up for want of time.</summary>
    public static PageReading TookTooLong(string detail) => new(new ExtractionOutcome(null, NoListingReason.TookTooLong, detail), new FoundLinks([], null, 0, null));

    /// <summary>For another process of the same program.</summary>
    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this);

    /// <exception cref="JsonException">The bytes are no reading.</exception>
    public static PageReading FromBytes(ReadOnlySpan<byte> bytes) =>
        JsonSerializer.Deserialize<PageReading>(bytes) is { Extraction: { } extraction, Links.Links: not null, Signals: not null } reading && extraction.Listing is null != extraction.Reason is null ? reading : throw new JsonException("The bytes are no reading of a page.");
}
