using Touchstone.Crawling.Fetching;
using Touchstone.Crawling.Politeness;
using Touchstone.Crawling.Rendering;

namespace Touchstone.Crawling;

/// <summary>What an installation sets for everything that fetches.</summary>
public sealed class CrawlingOptions
{
    public OutboundOptions Outbound { get; } = new();

    public PolitenessOptions Politeness { get; } = new();

    public RenderingOptions Rendering { get; } = new();

    public RetryPolicy Retry { get; } = new();
}
