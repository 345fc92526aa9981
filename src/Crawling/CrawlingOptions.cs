using Touchstone.Crawling.Fetching;

namespace Touchstone.Crawling;

/// <summary>What an installation sets for everything that fetches.</summary>
public sealed class CrawlingOptions
{
    public OutboundOptions Outbound { get; } = new();

    public RetryPolicy Retry { get; } = new();
}
