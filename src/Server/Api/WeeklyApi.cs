using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Touchstone.Screening;
using Touchstone.Screening.Audit;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Screening.Weekly;
using Touchstone.Server.Security;

namespace Touchstone.Server.Api;

/// <summary><c>Market</c>: an ISO 3166 code; null: all markets.</summary>
public sealed record DigestRequest(string Address, DigestPace Pace, string? Market = null);

/// <summary>The message that the caller asked for. <c>Told</c>: the last week or day that it told.</summary>
public sealed record DigestItem(string Address, DigestPace Pace, string? Market, string? Told);

/// <summary>The weekly list, and the message instead of many.</summary>
internal static class WeeklyApi
{
    public static void MapWeekly(this RouteGroupBuilder api)
    {
        RouteGroupBuilder weekly = api.MapGroup("/weekly").WithTags("Weekly list");
        weekly.MapGet("/", GetAsync).WithName("GetWeekly").WithSummary("What a week (2026-W48; the present one if absent) brought in a market: new, still online, removed, returned.");
        weekly.MapGet("/list.csv", CsvAsync).WithName("ExportWeekly").WithSummary("The same as CSV; a value that a spreadsheet would run as a formula gets an apostrophe in front. It is recorded.").Produces<string>(200, "text/csv");
        weekly.MapGet("/digest", DigestAsync).WithName("GetDigest").WithSummary("The message that the caller asked for.").ProducesProblem(404);
        RouteGroupBuilder changes = api.MapGroup("/weekly/digest").WithTags("Weekly list").RequireAuthorization(Policies.Act);
        changes.MapPut("/", SetAsync).WithName("SetDigest").WithSummary("Asks for one message a week, or a day, on what came.");
        changes.MapDelete("/", EndAsync).WithName("EndDigest").WithSummary("Ends the message.").ProducesProblem(404);
    }

    /// <summary>The week that is asked for, by the installation's time zone.</summary>
    /// <exception cref="InvalidValueException">There is no such week.</exception>
    private static WeekOfList WeekOf(string? week, WeeklyOptions options, TimeProvider clock) =>
        week is null ? WeekOfList.Of(clock.GetUtcNow(), options.Zone) : WeekOfList.Parse(week, options.Zone) ?? throw new InvalidValueException("week", week, "a week such as 2026-W48");

    private static string? MarketOf(string? market) => string.IsNullOrWhiteSpace(market) ? null
        : market.Length == 2 && market.All(char.IsAsciiLetter) ? market.ToUpperInvariant() : throw new InvalidValueException("market", market, "the two letters of a country, such as DK");

    private static async Task<Ok<WeeklyReport>> GetAsync(string? week, string? market, IDbContextFactory<TouchstoneDb> databases, WeeklyOptions options, TimeProvider clock, CancellationToken cancellationToken)
    {
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        return TypedResults.Ok(await WeeklyList.ReadAsync(db, WeekOf(week, options, clock), MarketOf(market), cancellationToken));
    }

    private static async Task CsvAsync(HttpContext http, string? week, string? market, IDbContextFactory<TouchstoneDb> databases, WeeklyOptions options, TimeProvider clock, CancellationToken cancellationToken)
    {
        (WeekOfList of, string? country) = (WeekOf(week, options, clock), MarketOf(market));
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        WeeklyReport report = await WeeklyList.ReadAsync(db, of, country, cancellationToken);
        await AuditLog.SaveAsync(db, clock, new AuditEntry(http.User.ActorName(), AuditAction.WeeklyExported, "weekly", $"{of.Name}, {country ?? "all markets"}"), cancellationToken);
        http.Response.ContentType = "text/csv; charset=utf-8";
        http.Response.Headers.ContentDisposition = $"attachment; filename=\"weekly-{of.Name}{(country is null ? "" : $"-{country}")}.csv\"";
        await using var writer = new StreamWriter(http.Response.Body);
        await WeeklyList.WriteCsvAsync(report, writer, cancellationToken);
    }

    private static async Task<Results<Ok<DigestItem>, ProblemHttpResult>> DigestAsync(HttpContext http, IDbContextFactory<TouchstoneDb> databases, CancellationToken cancellationToken)
    {
        string account = http.User.ActorName();
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Digests.AsNoTracking().FirstOrDefaultAsync(d => d.Account == account, cancellationToken) is { } row ? TypedResults.Ok(ItemOf(row)) : Problems.Of(VerbOutcome.Refused<DigestRow>(Refusal.NotFound, "No message is asked for."));
    }

    private static async Task<Results<Ok<DigestItem>, ProblemHttpResult>> SetAsync(DigestRequest request, HttpContext http, Acting acting)
    {
        VerbOutcome<DigestRow> outcome = await acting.AsAsync(http.User, x => new SetDigest(request.Address, request.Pace, request.Market).RunAsync(x, http.RequestAborted), http.RequestAborted);
        return outcome.Done ? TypedResults.Ok(ItemOf(outcome.Value!)) : Problems.Of(outcome);
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> EndAsync(HttpContext http, Acting acting)
    {
        VerbOutcome<DigestRow> outcome = await acting.AsAsync(http.User, x => SetDigest.EndAsync(x, http.RequestAborted), http.RequestAborted);
        return outcome.Done ? TypedResults.NoContent() : Problems.Of(outcome);
    }

    private static DigestItem ItemOf(DigestRow row) => new(row.Address, row.Pace, row.Market, row.Told);
}
