using Touchstone.Cli.Searching;
using Touchstone.Market;
using Touchstone.Market.Catalogue;

namespace Touchstone.Cli.Demo;

/// <summary>A planted violation that was not hit.</summary>
internal sealed record MissedViolation(string Reference, string Violation, string Url, bool InReview);

/// <summary>A shop that this machine could not search, with the number of violations that are planted in it.</summary>
internal sealed record PassedOverShop(string Shop, int Planted, string Reason, string Remedy);

/// <summary>
/// What the search found, held against what was planted. Hits at the operating point count, and marks that are for review: a mark never
/// tells alone whether the seller may use it, so a person looks in any case. A shop that could not be searched is told apart: what is
/// planted in it is neither found nor missed.
/// </summary>
/// <param name="Planted">Violations in the shops that were searched.</param>
/// <param name="ListingsExpected">Listings in the shops that were searched.</param>
internal sealed record DemoCheck(
    int Planted, int Found, IReadOnlyList<MissedViolation> Missed, IReadOnlyList<ReportedHit> False, IReadOnlyList<PassedOverShop> NotSearched, int ListingsExpected, int UndeterminedExpected, int DisallowedFetches)
{
    /// <summary>Whether the search found all of what it could find and nothing else, and kept to the rules.</summary>
    public bool Passed => Missed.Count == 0 && False.Count == 0 && DisallowedFetches == 0;

    public static DemoCheck Of(DemoMarket market, SearchReport report)
    {
        var passedOver = report.NotSearched.Where(x => x.WantsBrowser).Select(x => x.Host).ToHashSet(StringComparer.OrdinalIgnoreCase);
        bool WasSearched(string url) => !passedOver.Contains(new Uri(url).Authority);
        KeyValuePair<string, Planted>[] searched = [.. market.Truth.Where(x => WasSearched(x.Key))];
        DemoListing[] listings = [.. market.Catalogue.Listings.Where(x => WasSearched(market.UrlOf(x)))];
        var hits = report.Hits.Select(x => (PageOf(x), x.Reference)).ToHashSet();
        var review = report.Review.Select(x => (PageOf(x), x.Reference)).ToHashSet();
        KeyValuePair<string, Planted>[] missed = [.. searched.Where(x => !hits.Contains((x.Key, x.Value.Reference)) && !(x.Value.Violation == Violation.Mark && review.Contains((x.Key, x.Value.Reference))))];
        return new DemoCheck(
            searched.Length,
            searched.Length - missed.Length,
            [.. missed.Select(x => new MissedViolation(x.Value.Reference, x.Value.Violation.ToString(), x.Key, review.Contains((x.Key, x.Value.Reference))))],
            [.. report.Hits.Where(x => !market.Truth.TryGetValue(PageOf(x), out Planted? planted) || planted.Reference != x.Reference)],
            [.. report.NotSearched.Where(x => x.WantsBrowser).Select(x => new PassedOverShop(x.Host, market.Truth.Keys.Count(url => new Uri(url).Authority == x.Host), x.Reason.ToString(), x.Remedy))],
            listings.Count(x => !x.IsDisallowed),
            listings.Count(x => x.Fault != PictureFault.None),
            market.DisallowedRequests);
    }

    /// <summary>The listing's page without its query: a shop links its pages with campaign words.</summary>
    private static string PageOf(ReportedHit hit) => hit.Url.Split('?')[0];
}
