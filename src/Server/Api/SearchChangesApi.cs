using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Touchstone.Screening;
using Touchstone.Screening.Audit;
using Touchstone.Screening.Searches;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Server.Queries;
using Touchstone.Server.Security;

namespace Touchstone.Server.Api;

/// <summary>A part of what differs between two runs, with the counts of the whole. <c>Next</c> is the cursor of the following part; null on the last one.</summary>
public sealed record SearchChanges(RunItem From, RunItem To, DifferenceCounts Counts, IReadOnlyList<OfferDifference> Items, string? Next);

/// <summary>What of a search's offers is new, gone, changed or not seen again between two of its runs.</summary>
internal static class SearchChangesApi
{
    private const string What = "Of a search's offers: what is new, changed (name, price, availability, seller, pictures), gone, or not seen again, and why, between two of its runs; the last two that finished unless from and to name others.";

    public static void MapSearchChanges(this RouteGroupBuilder api)
    {
        RouteGroupBuilder changes = api.MapGroup("/searches/{id:long}/changes").WithTags("Searches");
        changes.MapGet("/", GetAsync).WithName("GetSearchChanges").WithSummary(What).ProducesProblem(404);
        changes.MapGet("/list.csv", CsvAsync).WithName("ExportSearchChanges").WithSummary("The same as CSV, whole; a value that a spreadsheet would run as a formula gets an apostrophe in front. It is recorded.").Produces<string>(200, "text/csv").ProducesProblem(404);
    }

    private static async Task<Results<Ok<SearchChanges>, ProblemHttpResult>> GetAsync(
        long id, HttpContext http, IDbContextFactory<TouchstoneDb> databases, long? from, long? to, string? change, string? after, int? limit, CancellationToken cancellationToken)
    {
        int take = Cursor.Limit(limit);
        long? last = Cursor.Id(after);
        OfferChange? wanted = Query.Enum<OfferChange>("change", change);
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        (CompareRuns? compared, ProblemHttpResult? problem) = await CompareAsync(db, id, from, to, cancellationToken);
        if (compared is null) return problem!;
        IReadOnlyList<OfferDifference> rows = await compared.PartAsync(wanted, last, take + 1, cancellationToken);
        ApiPage<OfferDifference> page = Cursor.Cut(rows, take, x => Cursor.Of(x.ListingId), x => x);
        Cursor.Answer(http, page);
        return TypedResults.Ok(new SearchChanges(RunsApi.ItemOf(compared.From), RunsApi.ItemOf(compared.To), compared.Counts, page.Items, page.Next));
    }

    private static async Task<Results<EmptyHttpResult, ProblemHttpResult>> CsvAsync(long id, HttpContext http, IDbContextFactory<TouchstoneDb> databases, TimeProvider clock, long? from, long? to, string? change, CancellationToken cancellationToken)
    {
        OfferChange? wanted = Query.Enum<OfferChange>("change", change);
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        (CompareRuns? compared, ProblemHttpResult? problem) = await CompareAsync(db, id, from, to, cancellationToken);
        if (compared is null) return problem!;
        await AuditLog.SaveAsync(db, clock, new AuditEntry(http.User.ActorName(), AuditAction.SearchChangesExported, $"search/{id}", $"runs {compared.From.Id} and {compared.To.Id}"), cancellationToken);
        http.Response.ContentType = "text/csv; charset=utf-8";
        http.Response.Headers.ContentDisposition = $"attachment; filename=\"search-{id}-runs-{compared.From.Id}-{compared.To.Id}.csv\"";
        await using var writer = new StreamWriter(http.Response.Body);
        await DifferenceCsv.WriteAsync(compared, wanted, writer, cancellationToken);
        return TypedResults.Empty;
    }

    private static async Task<(CompareRuns? Compared, ProblemHttpResult? Problem)> CompareAsync(TouchstoneDb db, long id, long? from, long? to, CancellationToken cancellationToken)
    {
        if (!await db.Searches.AnyAsync(x => x.Id == id, cancellationToken)) return (null, Problems.NotFound("search", id));
        (SearchRunRow? earlier, SearchRunRow? later) = await RunsToCompare.FindAsync(db, id, from, to, cancellationToken);
        if (earlier is not null && later is not null) return (await CompareRuns.ReadAsync(db, earlier, later, cancellationToken), null);
        string why = (from, to) is (null, null) ? "The search has no two runs that finished." : "There are no two such runs of the search, one after the other.";
        return (null, Problems.Of(VerbOutcome.Refused<SearchRunRow>(Refusal.NotFound, why)));
    }
}
