using Touchstone.Crawling;
using Touchstone.Crawling.Capture;
using Touchstone.Crawling.Rendering;
using Touchstone.Screening.Audit;

namespace Touchstone.Screening.Evidence;

/// <summary>What a bundle is made with. Whatever is null is missing from the bundle, and its manifest says so.</summary>
public sealed record EvidenceTools
{
    /// <summary>Takes pages and their screenshots.</summary>
    public PageCapture? Pages { get; init; }

    /// <summary>Prints the report.</summary>
    public ChromiumRenderer? Printer { get; init; }

    public TimestampAuthority? Authority { get; init; }

    /// <summary>How this installation asks shops.</summary>
    public CrawlingOptions? Requests { get; init; }

    /// <summary>Style rules that bring the report's typeface as data; empty: the browser's own.</summary>
    public string Typeface { get; init; } = "";
}
