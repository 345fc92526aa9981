using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Touchstone.Screening;
using Touchstone.Screening.Audit;
using Touchstone.Screening.Bulk;
using Touchstone.Screening.Cases;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Server.Queries;
using Touchstone.Server.Security;

namespace Touchstone.Server.Api;

/// <summary>A hit to decide with others. <c>Seen</c> and <c>SeenMatchId</c>: what was seen of it.</summary>
public sealed record SeenHitRequest(long Id, HitState? Seen = null, long? SeenMatchId = null);

/// <summary>One decision on 1 to 500 hits.</summary>
public sealed record HitDecisionsRequest(HitDecision Decision, IReadOnlyList<SeenHitRequest> Hits, string? Note = null, RejectReason? Reason = null);

/// <summary>1 to 500 hits.</summary>
public sealed record HitIdsRequest(IReadOnlyList<long> HitIds);

/// <summary><c>Unsure</c>: false takes it back; it has to be said which.</summary>
public sealed record UnsureRequest(IReadOnlyList<long> HitIds, bool Unsure, string? Note = null);

/// <summary><c>Until</c>: null brings the hits back at once; it has to be said which.</summary>
public sealed record SnoozeRequest(IReadOnlyList<long> HitIds, DateTimeOffset? Until);

/// <summary>A hit that was left as it is, and why.</summary>
public sealed record RefusedHitItem(long Id, string Detail);

/// <summary>What became of the hits: each is in one of the lists.</summary>
public sealed record HitsChanged(IReadOnlyList<long> Changed, IReadOnlyList<RefusedHitItem> Refused);

/// <summary>What a day of reviewing needs beside single decisions: many at once, taking back, claiming, doubting, putting off, groups and export.</summary>
internal static class HitReviewApi
{
    public static void MapReview(this RouteGroupBuilder hits)
    {
        hits.MapProposals();
        hits.MapGet("/groups", GroupsAsync).WithName("ListHitGroups").WithSummary("Hits put together by product, seller or shop, the largest groups first, at most 100.");
        hits.MapGet("/export.csv", CsvAsync).WithName("ExportHitsCsv").WithSummary("Hits as CSV, streamed; a value that a spreadsheet would run as a formula gets an apostrophe in front.").Produces<string>(200, "text/csv");
        hits.MapGet("/export.json", JsonAsync).WithName("ExportHitsJson").WithSummary("Hits as JSON, streamed.");

        RouteGroupBuilder changes = hits.MapGroup("").RequireAuthorization(Policies.Act).ProducesProblem(409);
        changes.MapPost("/decisions", (HitDecisionsRequest x, HttpContext http, Acting acting) => DecideAsync(http, acting, new DecideMany([.. x.Hits.Select(h => new SeenHit(h.Id, h.Seen, h.SeenMatchId))], x.Decision, x.Note, x.Reason)))
            .WithName("DecideHits").WithSummary("Decides several hits in one transaction; what changed meanwhile is left and named. More than one person decides alone wait for a second one, and are proposed by a person who is signed in, no key.");
        changes.MapPost("/decisions/{decisionId:long}/take-back", (long decisionId, HttpContext http, Acting acting) => DoAsync(http, acting, new TakeBackDecision(decisionId).RunAsync))
            .WithName("TakeBackDecision").WithSummary("Takes an own decision back, with those made in the same go.").ProducesProblem(404);
        changes.MapPost("/claims", (HitIdsRequest x, HttpContext http, Acting acting) => DoAsync(http, acting, new ClaimHits(x.HitIds).RunAsync)).WithName("ClaimHits").WithSummary("Takes hits for half an hour: nobody else decides them.");
        changes.MapPost("/releases", (HitIdsRequest x, HttpContext http, Acting acting) => DoAsync(http, acting, new ReleaseHits(x.HitIds).RunAsync)).WithName("ReleaseHits").WithSummary("Gives claimed hits free.");
        changes.MapPost("/doubts", (UnsureRequest x, HttpContext http, Acting acting) => DoAsync(http, acting, new MarkUnsure(x.HitIds, x.Unsure, x.Note).RunAsync)).WithName("MarkHitsUnsure").WithSummary("Asks for a second person, or takes that back.");
        changes.MapPost("/snoozes", (SnoozeRequest x, HttpContext http, Acting acting) => DoAsync(http, acting, new SnoozeHits(x.HitIds, x.Until).RunAsync)).WithName("SnoozeHits").WithSummary("Puts hits off until a time, or brings them back.");
    }

    private static async Task<Ok<IReadOnlyList<HitGroup>>> GroupsAsync(
        IDbContextFactory<TouchstoneDb> databases, TimeProvider clock, string? by, string? state, string? relation, string? verdict, long? register, long? reference, long? search, double? minProbability, string? shop, string? seller,
        DateTimeOffset? from, DateTimeOffset? to, string? claimedBy, bool? unsure, bool? snoozed, bool? field, bool? lacksResponsible, string? market, bool? targets, CancellationToken cancellationToken)
    {
        HitFilter filter = HitParameters.Filter(state, relation, verdict, register, reference, search, minProbability, shop, seller, from, to, claimedBy, unsure, snoozed, field, lacksResponsible, market, targets);
        HitGrouping grouping = Query.Enum<HitGrouping>("by", by) ?? HitGrouping.Product;
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        return TypedResults.Ok(await HitGroups.ReadAsync(db, filter, grouping, clock.GetUtcNow(), cancellationToken));
    }

    private static async Task CsvAsync(
        HttpContext http, IDbContextFactory<TouchstoneDb> databases, TimeProvider clock, string? order, string? state, string? relation, string? verdict, long? register, long? reference, long? search, double? minProbability, string? shop,
        string? seller, DateTimeOffset? from, DateTimeOffset? to, string? claimedBy, bool? unsure, bool? snoozed, bool? field, bool? lacksResponsible, string? market, bool? targets, CancellationToken cancellationToken)
    {
        HitFilter filter = HitParameters.Filter(state, relation, verdict, register, reference, search, minProbability, shop, seller, from, to, claimedBy, unsure, snoozed, field, lacksResponsible, market, targets);
        HitOrder by = Query.Enum<HitOrder>("order", order) ?? HitOrder.Probability;
        http.Response.ContentType = "text/csv; charset=utf-8";
        http.Response.Headers.ContentDisposition = "attachment; filename=\"hits.csv\"";
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        await RecordExportAsync(db, http, clock, cancellationToken);
        await using var writer = new StreamWriter(http.Response.Body);
        await HitExport.WriteCsvAsync(HitExport.ReadAsync(db, filter, by, clock.GetUtcNow(), cancellationToken), writer, cancellationToken);
    }

    private static async Task<Ok<IAsyncEnumerable<ExportedHit>>> JsonAsync(
        HttpContext http, IDbContextFactory<TouchstoneDb> databases, TimeProvider clock, string? order, string? state, string? relation, string? verdict, long? register, long? reference, long? search, double? minProbability, string? shop,
        string? seller, DateTimeOffset? from, DateTimeOffset? to, string? claimedBy, bool? unsure, bool? snoozed, bool? field, bool? lacksResponsible, string? market, bool? targets, CancellationToken cancellationToken)
    {
        HitFilter filter = HitParameters.Filter(state, relation, verdict, register, reference, search, minProbability, shop, seller, from, to, claimedBy, unsure, snoozed, field, lacksResponsible, market, targets);
        HitOrder by = Query.Enum<HitOrder>("order", order) ?? HitOrder.Probability;
        http.Response.Headers.ContentDisposition = "attachment; filename=\"hits.json\"";
        await using (TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken)) await RecordExportAsync(db, http, clock, cancellationToken);
        return TypedResults.Ok(ReadAsync(databases, filter, by, clock.GetUtcNow(), cancellationToken));
    }

    /// <summary>Whoever takes many hits away is recorded as whoever looks at one.</summary>
    private static Task RecordExportAsync(TouchstoneDb db, HttpContext http, TimeProvider clock, CancellationToken cancellationToken) =>
        AuditLog.SaveAsync(db, clock, new AuditEntry(http.User.ActorName(), AuditAction.HitsExported, "hits", http.Request.QueryString.Value), cancellationToken);

    // The answer is read after the endpoint has returned, so the database is open as long as it is read.
    private static async IAsyncEnumerable<ExportedHit> ReadAsync(
        IDbContextFactory<TouchstoneDb> databases, HitFilter filter, HitOrder order, DateTimeOffset now, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        await foreach (ExportedHit hit in HitExport.ReadAsync(db, filter, order, now, cancellationToken)) yield return hit;
    }

    private static async Task<Results<Ok<ManyHitsChanged>, ProblemHttpResult>> DecideAsync(HttpContext http, Acting acting, DecideMany verb)
    {
        VerbOutcome<ManyDecided> outcome = await acting.AsAsync(http.User, x => verb.RunAsync(x, http.RequestAborted), http.RequestAborted);
        if (!outcome.Done) return Problems.Of(outcome);
        if (outcome.Value!.Outcome is { Changed.Count: 0, Refused: [var first, ..] refused }) return Problems.Of(VerbOutcome.Refused<ManyDecided>(first.Refusal, string.Join(' ', refused.Prepend(first).Select(x => x.Detail))));
        return TypedResults.Ok(ManyHitsChanged.Of(outcome.Value));
    }

    /// <summary>Changes several hits; where not one of them could be changed, the first reason is the answer.</summary>
    private static async Task<Results<Ok<HitsChanged>, ProblemHttpResult>> DoAsync(HttpContext http, Acting acting, Func<VerbContext, CancellationToken, Task<VerbOutcome<HitsOutcome>>> verb)
    {
        VerbOutcome<HitsOutcome> outcome = await acting.AsAsync(http.User, x => verb(x, http.RequestAborted), http.RequestAborted);
        if (!outcome.Done) return Problems.Of(outcome);
        HitsOutcome hits = outcome.Value!;
        if (hits.Changed.Count == 0 && hits.Refused.Count > 0) return Problems.Of(VerbOutcome.Refused<HitsOutcome>(hits.Refused[0].Refusal, string.Join(' ', hits.Refused.Select(x => x.Detail))));
        return TypedResults.Ok(new HitsChanged([.. hits.Changed.Select(x => x.Id)], [.. hits.Refused.Select(x => new RefusedHitItem(x.Id, x.Detail))]));
    }
}

/// <summary>The query parameters that narrow hits, the same wherever hits are listed.</summary>
internal static class HitParameters
{
    public static HitFilter Filter(
        string? state, string? relation, string? verdict, long? register, long? reference, long? search, double? minProbability, string? shop, string? seller, DateTimeOffset? from, DateTimeOffset? to, string? claimedBy, bool? unsure, bool? snoozed, bool? field, bool? lacksResponsible, string? market, bool? targets)
    {
        if (minProbability is { } least && !(least is >= 0 and <= 1)) throw new InvalidValueException("minProbability", least, "within 0 and 1");
        if (market is not null && !Markets.IsKnown(market)) throw new InvalidValueException("market", market, "a country's code in capital letters, such as DK, or EU");
        if (targets is not null && market is null) throw new InvalidValueException("targets", targets, "given with a market");
        return new HitFilter(
            Query.Enum<HitState>("state", state), Query.Enum<Relation>("relation", relation), register, reference, search, minProbability, Query.Enum<Verdict>("verdict", verdict), shop, seller, from, to, claimedBy, unsure, snoozed, field, LacksResponsible: lacksResponsible, Market: market, Targets: targets);
    }
}

/// <summary>What a hit's ETag names: the state and the match that were seen.</summary>
internal sealed record HitTag(HitState State, long MatchId)
{
    public static string Of(HitRow hit) => string.Create(CultureInfo.InvariantCulture, $"\"{hit.State}-{hit.MatchId}\"");

    /// <summary>What If-Match names; null where there is none.</summary>
    /// <exception cref="InvalidValueException">It is no ETag of a hit.</exception>
    public static HitTag? Read(HttpContext http)
    {
        string text = http.Request.Headers.IfMatch.ToString();
        if (text.Length == 0 || text == "*") return null;
        string[] parts = text.Trim('"').Split('-');
        return parts.Length == 2 && Enum.TryParse(parts[0], out HitState state) && Enum.IsDefined(state) && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out long match)
            ? new HitTag(state, match)
            : throw new InvalidValueException("If-Match", text, "the ETag of the hit as it was read");
    }
}
