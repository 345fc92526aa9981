using Touchstone.Market.RealShops;

namespace Touchstone.Cli.Searching;

/// <summary>How well one edit of the pictures was found.</summary>
internal sealed record EditResult(string Edit, int Expected, int Found, int InReview);

/// <summary>
/// What a search over the real shops found of the alerts that were enrolled from edited pictures. A listing is expected if it shows the
/// picture that the alert was made from; each pair of listing and alert counts once.
/// </summary>
/// <param name="Precision">Expected hits over hits, 0..1; 1 where there are no hits.</param>
/// <param name="Recall">Expected pairs hit over expected pairs, 0..1.</param>
/// <param name="RecallWithReview">The same with what is left to a person's review.</param>
/// <param name="SecondsPerImage">Of the whole search, crawl included, per picture looked at.</param>
internal sealed record RealShopsReport(
    int Products,
    int Alerts,
    int Expected,
    double Precision,
    double Recall,
    double RecallWithReview,
    IReadOnlyList<EditResult> Edits,
    IReadOnlyList<ReportedHit> False,
    IReadOnlyList<string> Missed,
    double PagesPerSecond,
    double SecondsPerImage,
    SearchReport Search)
{
    public static RealShopsReport Of(int products, IReadOnlyList<RealAlert> alerts, SearchReport search)
    {
        (string Url, string Reference)[] expected = [.. alerts.SelectMany(x => x.Urls.Select(url => (url, x.Id)))];
        var wanted = expected.ToHashSet();
        var hits = search.Hits.Select(x => (x.Url, x.Reference)).ToHashSet();
        var seen = search.Review.Select(x => (x.Url, x.Reference)).Concat(hits).ToHashSet();
        int found = wanted.Count(hits.Contains);
        EditResult[] edits = [.. alerts.GroupBy(x => x.Edit).OrderBy(x => x.Key, StringComparer.Ordinal).Select(group =>
        {
            (string, string)[] pairs = [.. group.SelectMany(x => x.Urls.Select(url => (url, x.Id)))];
            return new EditResult(group.Key, pairs.Length, pairs.Count(hits.Contains), pairs.Count(x => seen.Contains(x) && !hits.Contains(x)));
        })];
        return new RealShopsReport(
            products,
            alerts.Count,
            wanted.Count,
            hits.Count == 0 ? 1 : (double)found / hits.Count,
            (double)found / wanted.Count,
            (double)wanted.Count(seen.Contains) / wanted.Count,
            edits,
            [.. search.Hits.Where(x => !wanted.Contains((x.Url, x.Reference)))],
            [.. expected.Where(x => !hits.Contains(x)).Select(x => $"{x.Reference} {x.Url}")],
            search.Pages / search.Seconds,
            search.Seconds / Math.Max(1, search.ImagesDescribed),
            search);
    }
}
