using Touchstone.Crawling;
using Touchstone.Crawling.Fetching;
using Touchstone.Crawling.Politeness;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Evidence;

/// <summary>How shops were asked: what each request said of itself, and the rules of the installation when the bundle was made.</summary>
/// <param name="Settings">Null: they were not at hand.</param>
internal sealed record RequestFacts(IReadOnlyList<RequestFact> Requests, RequestSettings? Settings)
{
    /// <param name="recorded">The mandates that people recorded, also those that ended.</param>
    public static RequestFacts Of(IEnumerable<ObservationRow> observations, CrawlingOptions? options, IReadOnlyList<MandateRow> recorded) => new(
        [.. observations.SelectMany(x => x.Exchanges.OrderBy(e => e.Position)).Select(RequestFact.Of)], options is null ? null : RequestSettings.Of(options, recorded));
}

/// <param name="Policy">What allowed it: robots, mandate: with its id, or operator; null where it was not noted.</param>
internal sealed record RequestFact(string Url, DateTimeOffset AskedAt, string? UserAgent, string? Policy)
{
    public static RequestFact Of(ObservationExchangeRow row) => new(
        row.Url, row.AskedAt, new FetchExchange { Url = row.Url, RequestHead = row.RequestHead, AskedAt = row.AskedAt, EndedAt = row.EndedAt }.RequestHeaders.FirstOrDefault(x => x.Name.Equals("User-Agent", StringComparison.OrdinalIgnoreCase))?.Value, row.Policy);
}

/// <param name="Robots">Which rules of sites are followed.</param>
/// <param name="IntervalSeconds">Between two requests to a host, at least; a site that asks for more is given it, up to <paramref name="LongestDelaySeconds"/>.</param>
internal sealed record RequestSettings(string UserAgent, string Robots, double IntervalSeconds, double LongestDelaySeconds, int AtOnce, string? Hours, IReadOnlyList<Mandate> Mandates)
{
    public static RequestSettings Of(CrawlingOptions options, IReadOnlyList<MandateRow> recorded) => new(
        options.Outbound.UserAgent, "RFC 9309, followed except where a mandate covers the host", options.Politeness.MinInterval.TotalSeconds, options.Politeness.MaxCrawlDelay.TotalSeconds, options.Politeness.MaxParallel,
        options.Politeness.Hours, [.. options.Politeness.Mandates, .. recorded.Select(x => new Mandate(x.Key, x.Host, x.LegalBasis, x.Approver, x.EndedAt is { } ended && ended < x.Expires ? ended : x.Expires))]);
}
