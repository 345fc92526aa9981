using System.Text.RegularExpressions;
using AngleSharp.Dom;
using Touchstone.Crawling.Extraction.Facts;
using Touchstone.Crawling.Extraction.Heuristics;
using Touchstone.Crawling.Extraction.Safety;
using Touchstone.Crawling.Text;

namespace Touchstone.Crawling.Extraction;

/// <summary>
/// Reads what a product page offers: JSON-LD, microdata, RDFa, OpenGraph and the state that scripts embed, then the visible page. Never throws on a page's content.
/// Safe for concurrent calls; time grows linearly with the page, of which at most <see cref="PageParser.MaximumCharacters"/> are read.
/// </summary>
public sealed class ListingExtractor
{
    /// <summary>Reads a page from its bytes as received.</summary>
    /// <param name="body">The bytes as sent, decompressed.</param>
    /// <param name="url">The address that the page was read from, for relative references; may be relative or empty where unknown.</param>
    /// <param name="contentType">The Content-Type header, for its media type and charset.</param>
    public ExtractionOutcome Extract(ReadOnlyMemory<byte> body, string url, string? contentType)
    {
        if (!PageText.MayBeHtml(contentType)) return new(null, NoListingReason.NotHtml, $"The content type is {contentType}.");
        string text = PageText.Decode(body.Span, contentType);
        // A template may leave a zero in a page, which browsers pass over.
        return text.AsSpan(0, Math.Min(text.Length, 512)).Contains('\0') && (PageText.LooksBinary(text) || !PageText.LooksLikeHtml(text)) ? new(null, NoListingReason.NotHtml, "The content is binary.") : Extract(text, url, contentType);
    }

    /// <summary>Reads a page from its text.</summary>
    public ExtractionOutcome Extract(string html, string url, string? contentType = null)
    {
        ArgumentNullException.ThrowIfNull(html);
        ArgumentNullException.ThrowIfNull(url);
        if (WhyUnread(html, contentType) is { } why) return why;
        using IDocument document = PageParser.Parse(html);
        return Read(document, url);
    }

    /// <summary>Why a text is no page; null where it is one.</summary>
    internal static ExtractionOutcome? WhyUnread(string html, string? contentType)
    {
        if (!PageText.MayBeHtml(contentType)) return new(null, NoListingReason.NotHtml, $"The content type is {contentType}.");
        if (string.IsNullOrWhiteSpace(html)) return new(null, NoListingReason.NotHtml, "The page is empty.");
        return PageText.LooksLikeHtml(html) ? null : new(null, NoListingReason.NotHtml, "The content holds no markup.");
    }

    /// <summary>Reads a page that was parsed, and changes nothing in it.</summary>
    internal static ExtractionOutcome Read(IDocument document, string url)
    {
        try
        {
            return ReadFacts(document, url);
        }
        catch (RegexMatchTimeoutException)
        {
            return new(null, NoListingReason.TookTooLong, "The page took too long to read.");
        }
    }

    private static ExtractionOutcome ReadFacts(IDocument document, string url)
    {
        PageContext page = Context(document, url);
        PageView view = PageView.Of(document, page.Address);
        StructuredFacts structured = StructuredFacts.Read(document, page, view);
        PriceHints hints = PriceHints.Of(view, page.LocalCurrency);
        structured = structured.WithReported(hints);
        IReadOnlyList<SeenPrice> prices = PriceFinder.Find(view, page, hints);
        PriceCheck.Mend(structured.All, prices);
        PriceCheck.DropUnasked(structured.All, prices, view);
        FactSet seen = VisiblePage.Read(view, page, prices);
        PageVerdict verdict = PageVerdict.Of(view, page, structured, seen, prices);
        if (verdict.Reason is { } reason) return new(null, reason, verdict.Detail);
        ListingFacts facts = FactMerge.Join(Canonical(document, page) ?? url, page, structured.ByTrust(seen), seen, view.Shows);
        if (facts is { Price: not null, Currency: null }) facts = facts with { Currency = DeclaredCurrency.Find(document) ?? page.LocalCurrency };
        return new(facts with { Safety = SafetyCheck.Of(view, SubjectOf(facts), structured.Sets.Select(static s => s.Maker).FirstOrDefault(static m => m is not null)) }, null, null);
    }

    private static SafetySubject SubjectOf(ListingFacts facts) => new(
        facts.Name, facts.Brand, facts.Gtin ?? facts.Mpn ?? facts.Sku ?? facts.Variants.Select(static v => v.Gtin ?? v.Mpn ?? v.Sku).FirstOrDefault(static n => n is not null), facts.Images.Count,
        facts.Images is [var first, ..] ? first : null, facts.Language);

    private static PageContext Context(IDocument document, string url)
    {
        Uri? address = Uri.TryCreate(url, UriKind.Absolute, out Uri? parsed) && parsed.Scheme is "http" or "https" ? parsed : null;
        string? language = PageLanguage.Declared(document);
        return new(address, PageContext.StartOf(document, address), language, PageContext.ExpectedCurrency(address, language ?? PageLanguage.Written(document)) ?? DeclaredCurrency.Chosen(document));
    }

    // A canonical address on another host or port, or the shop's root, is a mistake of the page.
    private static string? Canonical(IDocument document, PageContext page)
    {
        string? declared = page.Resolve(document.QuerySelector("link[rel~='canonical']")?.GetAttribute("href"));
        if (declared is null || page.Address is null) return declared;
        return Uri.TryCreate(declared, UriKind.Absolute, out Uri? canonical) && canonical.Authority == page.Address.Authority && canonical.PathAndQuery.Length > 1 ? declared : null;
    }
}
