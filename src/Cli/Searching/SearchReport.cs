using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.Searches;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Cli.Searching;

/// <summary>A listing that shows a reference.</summary>
/// <param name="Reference">The reference's id in its register.</param>
/// <param name="Probability">0..1, calibrated.</param>
public sealed record ReportedHit(string Register, string Reference, string Title, Relation Relation, double Probability, Verdict Verdict, string Url, string? ListingTitle);

/// <summary>A listing of which nothing can be said, with the reason.</summary>
public sealed record ReportedGap(string Url, string Reason, string? Detail);

/// <summary>What a run of a search found, as the program prints it.</summary>
/// <param name="NotModified">Pages of which the server said that they have not changed.</param>
/// <param name="ImagesDescribed">Pictures that this run had to look at; the others were known.</param>
/// <param name="Hits">Matches at the operating point.</param>
/// <param name="Review">Matches below it that a person should look at.</param>
/// <param name="NotSearched">Shops of which no listing was read, and why.</param>
/// <param name="Lost">URLs that limits dropped, so that offers may be missing.</param>
/// <param name="Coverage">What was not fetched or not screened, and why.</param>
public sealed record SearchReport(
    long Run,
    string State,
    string? Error,
    int Shops,
    int Pages,
    int NotModified,
    int Rendered,
    int Listings,
    int ListingsUnchanged,
    int Images,
    int ImagesDescribed,
    IReadOnlyList<ReportedHit> Hits,
    IReadOnlyList<ReportedHit> Review,
    IReadOnlyList<ReportedGap> Undetermined,
    IReadOnlyList<UnsearchedShop> NotSearched,
    int Lost,
    IReadOnlyList<CoverageGap> Coverage,
    double Seconds)
{
    public static async Task<SearchReport> ReadAsync(IDbContextFactory<TouchstoneDb> databases, long runId, double seconds, CancellationToken cancellationToken)
    {
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        SearchRunRow run = await db.SearchRuns.AsNoTracking().FirstAsync(x => x.Id == runId, cancellationToken);
        List<HitRow> hits = await SearchQueries.HitsOfRunAsync(db, runId, SearchQueries.MostHits, cancellationToken);
        ReportedHit[] reported = [.. hits.Select(x => new ReportedHit(
            x.Reference!.Register!.Name, x.Reference.ExternalId, x.Reference.Title, x.Relation, Math.Round(x.Probability, 4), x.Verdict, x.Listing!.Url, x.Listing.Name))];
        var gaps = await db.RunObservations.AsNoTracking().Where(x => x.RunId == runId && x.Screening!.Verdict == Verdict.Undetermined)
            .Select(x => new { x.Observation!.Listing!.Url, x.Screening!.Reason, x.Screening.Detail }).ToListAsync(cancellationToken);
        List<CoverageGap> coverage = await SearchQueries.GapsOfRunAsync(db, runId, cancellationToken);
        return new SearchReport(
            runId,
            run.State.ToString(),
            run.Error,
            run.Shops,
            run.Pages,
            run.NotModified,
            run.Rendered,
            run.Listings,
            run.ListingsUnchanged,
            run.Images,
            run.ImagesDescribed,
            [.. reported.Where(x => x.Verdict == Verdict.Match)],
            [.. reported.Where(x => x.Verdict == Verdict.Review)],
            [.. gaps.Select(x => new ReportedGap(x.Url, x.Reason?.ToString() ?? "", x.Detail))],
            await SearchQueries.UnsearchedShopsOfRunAsync(db, runId, cancellationToken),
            coverage.Where(x => x.What == CoverageGap.LostUrls).Sum(x => x.Count),
            coverage,
            Math.Round(seconds, 1));
    }
}
