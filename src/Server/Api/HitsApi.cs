using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Touchstone.Crawling.Extraction.Facts;
using Touchstone.Recognition.Scoring;
using Touchstone.Screening;
using Touchstone.Screening.Alike;
using Touchstone.Screening.Audit;
using Touchstone.Screening.Cases;
using Touchstone.Screening.Hits;
using Touchstone.Screening.Screenings;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Screening.Storage.Blobs;
using Touchstone.Screening.Targeting;
using Touchstone.Server.Queries;
using Touchstone.Server.Security;

namespace Touchstone.Server.Api;

/// <summary>A hit in a list.</summary>
public sealed record HitItem(
    long Id, HitState State, Verdict Verdict, Relation Relation, double Probability, long? ListingId, string? ListingUrl, string? ListingName, long? CaptureId, long ReferenceId, string ReferenceTitle,
    long? SearchId, long? CaseId, string? DecidedBy, DateTimeOffset? DecidedAt, string? Note, DateTimeOffset FoundAt, DateTimeOffset? LookedBackAt, long MatchId, DateTimeOffset? ReopenedAt, string? ReopenedBecause,
    RejectReason? Reason, string? Shop, string? ClaimedBy, DateTimeOffset? ClaimedUntil, string? UnsureBy, string? UnsureNote, DateTimeOffset? SnoozedUntil);

/// <summary>What was seen of the listing when the match was made. <c>PageSha256</c>: the page that was read, at <c>/api/v1/hits/{id}/page</c>.</summary>
public sealed record ObservationItem(
    long Id, int Number, DateTimeOffset FirstSeenAt, DateTimeOffset LastSeenAt, string? Name, decimal? Price, string? Currency, string? Brand, string? Gtin, string? Mpn, string? Sku, string? Seller, string? Description, string? PageSha256, bool PageRendered,
    IReadOnlyList<ObservationImageItem> Images, IReadOnlyList<ObservationVariantItem> Variants, int VariantsFound, IReadOnlyList<SafetyStatement> Safety, bool? LacksResponsiblePerson);

/// <summary>A form in which the listing offers its product; <c>Currency</c> null: the listing's. The first 100 are kept, of <c>VariantsFound</c>.</summary>
public sealed record ObservationVariantItem(string? Name, string? Sku, string? Gtin, string? Mpn, decimal? Price, string? Currency, Availability? Availability, string? ImageUrl);

/// <summary>A picture of the listing. Neither hash nor failure: the limit of pictures left it unread.</summary>
public sealed record ObservationImageItem(string Url, string? Sha256, string? Failure);

/// <summary>A hit with what spoke for and against it: on the match and the observation that it was decided on, or else on the newest. <c>Markets</c>: of its shop; null for a photo from the field.</summary>
public sealed record HitDetail(
    HitItem Hit, string? ImageSha256, string? ReferenceImageSha256, MatchSignals Signals, string? ModelId, string? ProfileId, long? GallerySequence, string? GalleryFingerprint, DateTimeOffset? ScreenedAt,
    ObservationItem? Observation, HitHistory History, CaptureItem? Capture, IReadOnlyList<ComparedField> Fields, ShopMarketsAnswer? Markets);

/// <summary>Where and by whom a photo of a hit was taken.</summary>
public sealed record CaptureItem(long Id, string TakenBy, DateTimeOffset TakenAt, string? Place, string? Note);

/// <summary>What a person says of a hit. <c>Seen</c> is the state that they saw, if it was decided before; <c>SeenMatchId</c> the match that they saw.</summary>
public sealed record HitDecisionRequest(HitDecision Decision, string? Note = null, HitState? Seen = null, long? SeenMatchId = null, RejectReason? Reason = null);

/// <summary>Hits: the matches that a person decides.</summary>
internal static class HitsApi
{
    public static void MapHits(this RouteGroupBuilder api)
    {
        RouteGroupBuilder hits = api.MapGroup("/hits").WithTags("Hits");
        hits.MapGet("/", ListAsync).WithName("ListHits").WithSummary("Hits, most probable first or by the time at which they were found.");
        hits.MapGet("/{id:long}", GetAsync).WithName("GetHit").WithSummary("A hit with what spoke for and against it, what was seen then, and what was seen since; looking at it is recorded.").ProducesProblem(404);
        hits.MapGet("/{id:long}/page", PageAsync).WithName("GetHitPage").WithSummary("The page of the listing as it was read when the match was made, as text.").Produces<string>(200, "text/plain").ProducesProblem(404);
        hits.MapGet("/{id:long}/likeness", LikenessAsync).WithName("GetHitLikeness").WithSummary("Where the two pictures of a hit look alike: what each cell adds to their similarity.").ProducesProblem(404);
        hits.MapGet("/{id:long}/alike", AlikeAsync).WithName("GetHitAlike").WithSummary("The offers that are nearly equal to the hit's, at other shops and in its own, as they were last seen: by pictures, numbers and, of hits of the same reference, titles; at most 200. Their hits are decided together at /hits/decisions.").ProducesProblem(404);
        hits.MapPost("/{id:long}/decision", DecideAsync).RequireAuthorization(Policies.Act).WithName("DecideHit").WithSummary("Confirms or rejects a hit, or takes that back.").ProducesProblem(404).ProducesProblem(409).ProducesProblem(412)
            .WithMetadata(new RequestHeader("If-Match", "The ETag of the hit as it was read: the decision is refused with 412 if it was decided, or found again, since.", IsRequired: false));
        hits.MapReview();
    }

    private static async Task<Ok<ApiPage<HitItem>>> ListAsync(
        HttpContext http, IDbContextFactory<TouchstoneDb> databases, TimeProvider clock, string? after, int? limit, string? order, string? state, string? relation, string? verdict, long? register, long? reference, long? search,
        double? minProbability, string? shop, string? seller, DateTimeOffset? from, DateTimeOffset? to, string? claimedBy, bool? unsure, bool? snoozed, bool? field, bool? lacksResponsible, string? market, bool? targets, CancellationToken cancellationToken)
    {
        int take = Cursor.Limit(limit);
        HitOrder by = Query.Enum<HitOrder>("order", order) ?? HitOrder.Probability;
        HitFilter filter = HitParameters.Filter(state, relation, verdict, register, reference, search, minProbability, shop, seller, from, to, claimedBy, unsure, snoozed, field, lacksResponsible, market, targets);
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        List<HitRow> rows = await HitQueries.After(HitQueries.Where(db, filter, clock.GetUtcNow()), by, Cursor.ValueAndId(after)).Take(take + 1).ToListAsync(cancellationToken);
        return Cursor.Answer(http, Cursor.Cut(rows, take, x => Cursor.Of(HitQueries.PlaceOf(x, by).Value, x.Id), ItemOf));
    }

    private static async Task<Results<Ok<HitDetail>, ProblemHttpResult>> GetAsync(long id, HttpContext http, IDbContextFactory<TouchstoneDb> databases, TimeProvider clock, CancellationToken cancellationToken)
    {
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        HitRow? hit = await HitQueries.FindAsync(db, id, cancellationToken);
        if (hit is null) return Problems.NotFound("hit", id);
        ScreeningRow? screening = hit.Match?.Screening;
        HitHistory history = await HitHistory.ReadAsync(db, hit, cancellationToken);
        CaptureRow? capture = hit.CaptureId is { } captureId ? await db.Captures.AsNoTracking().SingleOrDefaultAsync(x => x.Id == captureId, cancellationToken) : null;
        await AuditLog.SaveAsync(db, clock, new AuditEntry(http.User.ActorName(), AuditAction.HitViewed, AuditSubject.Hit(id)), cancellationToken);
        http.Response.Headers.ETag = HitTag.Of(hit);
        return TypedResults.Ok(new HitDetail(
            ItemOf(hit), hit.Match?.ImageSha256, hit.Match?.ReferenceImageSha256, HitQueries.SignalsOf(hit.Match), screening?.ModelId, screening?.ProfileId, screening?.GallerySequence, screening?.GalleryFingerprint, screening?.ScreenedAt,
            screening?.Observation is { } seen ? ItemOf(seen) : null, history,
            capture is null ? null : new CaptureItem(capture.Id, capture.TakenBy, capture.TakenAt, capture.Place, capture.Note), FieldComparison.Of(hit),
            hit.Listing?.Shop?.Host is { } host ? ShopMarketsApi.AnswerOf((await ShopMarkets.OfAsync(db, [host], cancellationToken))[host]) : null));
    }

    private static async Task<Results<FileContentHttpResult, ProblemHttpResult>> PageAsync(long id, HttpContext http, IDbContextFactory<TouchstoneDb> databases, IBlobStore blobs, CancellationToken cancellationToken)
    {
        if (await KeptPageAsync(id, databases, blobs, cancellationToken) is not { } page)
            return TypedResults.Problem(statusCode: 404, title: "No page to show", detail: $"There is no hit {id}, or the page that it was found on is not kept.");
        // A shop's page is never shown as a page of the console: a browser saves it as text.
        http.Response.Headers.ContentSecurityPolicy = "default-src 'none'; sandbox";
        return TypedResults.Bytes(page, "text/plain; charset=utf-8", $"hit-{id}-page.txt");
    }

    /// <summary>The kept page as a frame of the console shows it: no script runs, nothing is fetched, and it knows nothing of the console.</summary>
    public static void MapKeptPages(this WebApplication app) => app.MapGet("/hits/{id:long}/kept-page", async (long id, HttpContext http, IDbContextFactory<TouchstoneDb> databases, IBlobStore blobs, CancellationToken cancellationToken) =>
    {
        byte[]? page = await KeptPageAsync(id, databases, blobs, cancellationToken);
        http.Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; sandbox; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";
        http.Response.Headers.XFrameOptions = "SAMEORIGIN";
        return page is null ? Results.NotFound() : Results.Bytes(page, "text/html; charset=utf-8");
    }).RequireAuthorization(Policies.Read).ExcludeFromDescription();

    private static async Task<byte[]?> KeptPageAsync(long id, IDbContextFactory<TouchstoneDb> databases, IBlobStore blobs, CancellationToken cancellationToken)
    {
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        string? sha256 = await db.Hits.Where(x => x.Id == id).Select(x => x.Match!.Screening!.Observation!.PageSha256).SingleOrDefaultAsync(cancellationToken);
        return sha256 is null ? null : await blobs.GetAsync(sha256, cancellationToken);
    }

    private static async Task<Results<Ok<Likeness>, ProblemHttpResult>> LikenessAsync(long id, IDbContextFactory<TouchstoneDb> databases, SimilarityMapFinder likeness, CancellationToken cancellationToken)
    {
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        HitRow? hit = await HitQueries.FindAsync(db, id, cancellationToken);
        if (hit is null) return Problems.NotFound("hit", id);
        return await HitQueries.LikenessOfAsync(likeness, hit.Match, cancellationToken) is { } found
            ? TypedResults.Ok(found)
            : TypedResults.Problem(statusCode: 404, title: "No likeness to show", detail: "The hit has not two pictures that can be read, or the model tells nothing of its cells.");
    }

    private static async Task<Results<Ok<AlikeOffers>, ProblemHttpResult>> AlikeAsync(long id, IDbContextFactory<TouchstoneDb> databases, AlikeFinder finder, CancellationToken cancellationToken)
    {
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Hits.AnyAsync(x => x.Id == id, cancellationToken) ? TypedResults.Ok(await finder.OfHitAsync(id, cancellationToken)) : Problems.NotFound("hit", id);
    }

    private static async Task<Results<Ok<HitItem>, ProblemHttpResult>> DecideAsync(long id, HitDecisionRequest request, HttpContext http, Acting acting, IDbContextFactory<TouchstoneDb> databases, TimeProvider clock, CancellationToken cancellationToken)
    {
        HitTag? tag = HitTag.Read(http);
        var verb = new DecideHit(id, request.Decision, request.Note, request.Seen ?? tag?.State, request.SeenMatchId ?? tag?.MatchId, request.Reason);
        VerbOutcome<HitRow> outcome = await acting.AsAsync(http.User, x => verb.RunAsync(x, cancellationToken), cancellationToken);
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        if (!outcome.Done)
        {
            bool overtaken = outcome.Refusal == Refusal.Conflict && tag is not null && !await db.Hits.AnyAsync(x => x.Id == id && x.State == tag.State && x.MatchId == tag.MatchId, cancellationToken);
            return overtaken ? TypedResults.Problem(outcome.Detail, statusCode: StatusCodes.Status412PreconditionFailed) : Problems.Of(outcome);
        }
        HitRow decided = await HitQueries.Where(db, new HitFilter(), clock.GetUtcNow()).SingleAsync(x => x.Id == id, cancellationToken);
        http.Response.Headers.ETag = HitTag.Of(decided);
        return TypedResults.Ok(ItemOf(decided));
    }

    public static HitItem ItemOf(HitRow x) => new(
        x.Id, x.State, x.Verdict, x.Relation, x.Probability, x.ListingId, x.Listing?.Url, x.Listing?.Name, x.CaptureId, x.ReferenceId, x.Reference?.Title ?? "",
        x.SearchId, x.CaseId, x.DecidedBy, x.DecidedAt, x.Note, x.FoundAt, x.LookedBackAt, x.MatchId, x.ReopenedAt, x.ReopenedBecause,
        x.Reason, x.Listing?.Shop?.Host, x.ClaimedBy, x.ClaimedUntil, x.UnsureBy, x.UnsureNote, x.SnoozedUntil);

    private static ObservationItem ItemOf(ObservationRow x) => new(
        x.Id, x.Number, x.FirstSeenAt, x.LastSeenAt, x.Name, x.Price, x.Currency, x.Brand, x.Gtin, x.Mpn, x.Sku, x.Seller, x.Description, x.PageSha256, x.PageRendered,
        [.. x.Images.Select(i => new ObservationImageItem(i.Url, i.ImageSha256, i.Failure))],
        [.. x.Variants.Select(v => new ObservationVariantItem(v.Name, v.Sku, v.Gtin, v.Mpn, v.Price, v.Currency, v.Availability, v.ImageUrl))], x.VariantsFound, SafetyColumn.Read(x), x.LacksResponsiblePerson);
}
