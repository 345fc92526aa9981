using Touchstone.Cli.Demo.Market;
using Touchstone.Cli.Searching;

namespace Touchstone.Cli.Demo;

/// <summary>A planted violation that was not hit.</summary>
internal sealed record MissedViolation(string Reference, string Violation, string Url, bool InReview);

/// <summary>
/// What the search found, held against what was planted. Hits at the operating point count, and marks that are for review: a mark never
/// tells alone whether the seller may use it, so a person looks in any case.
/// </summary>
internal sealed record DemoCheck(int Planted, int Found, IReadOnlyList<MissedViolation> Missed, IReadOnlyList<ReportedHit> False, int ListingsExpected, int UndeterminedExpected, int DisallowedFetches)
{
    public bool Passed => Missed.Count == 0 && False.Count == 0 && DisallowedFetches == 0;

    public static DemoCheck Of(DemoMarket market, SearchReport report)
    {
        IReadOnlyDictionary<string, Planted> truth = market.Truth;
        var hits = report.Hits.Select(x => (PageOf(x), x.Reference)).ToHashSet();
        var review = report.Review.Select(x => (PageOf(x), x.Reference)).ToHashSet();
        KeyValuePair<string, Planted>[] missed = [.. truth.Where(x => !hits.Contains((x.Key, x.Value.Reference)) && !(x.Value.Violation == Violation.Mark && review.Contains((x.Key, x.Value.Reference))))];
        return new DemoCheck(
            truth.Count,
            truth.Count - missed.Length,
            [.. missed.Select(x => new MissedViolation(x.Value.Reference, x.Value.Violation.ToString(), x.Key, review.Contains((x.Key, x.Value.Reference))))],
            [.. report.Hits.Where(x => !truth.TryGetValue(PageOf(x), out Planted? planted) || planted.Reference != x.Reference)],
            market.Catalogue.Listings.Count(x => !x.IsDisallowed),
            market.Catalogue.Listings.Count(x => x.Fault != PictureFault.None),
            market.DisallowedRequests);
    }

    /// <summary>The listing's page without its query: a shop links its pages with campaign words.</summary>
    private static string PageOf(ReportedHit hit) => hit.Url.Split('?')[0];
}
