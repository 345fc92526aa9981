using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Touchstone.Screening;
using Touchstone.Screening.Cases;
using Touchstone.Screening.Clocks;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Server.Security;

namespace Touchstone.Server.Api;

/// <summary>How the authority works on cases. <c>HitsAlone</c>: so many hits one person decides in one go. Days are working days. <c>CountriesKnown</c>: those whose public holidays are known.</summary>
public sealed record CaseRulesItem(
    int HitsAlone, int OrderDays, int NoticeDays, int SampleDays, int OwnDays, string? Country, IReadOnlyList<string> UpsettingCategories, string? ChangedBy, DateTimeOffset? ChangedAt, long Version, IReadOnlyList<string> CountriesKnown);

/// <summary>Everything is said: what is null or empty is none.</summary>
public sealed record CaseRulesRequest(int HitsAlone, int OrderDays, int NoticeDays, int SampleDays, int OwnDays, string? Country, IReadOnlyList<string> UpsettingCategories);

public sealed record HolidayItem(long Id, string Country, DateOnly Day, string Name, string AddedBy, DateTimeOffset AddedAt)
{
    public static HolidayItem Of(HolidayRow row) => new(row.Id, row.Country, row.Day, row.Name, row.AddedBy, row.AddedAt);
}

public sealed record HolidayRequest(string Country, DateOnly Day, string Name);

/// <summary>The rules of cases and the days off that the operator added.</summary>
internal static class CaseRulesApi
{
    /// <summary>The most days off that are listed.</summary>
    public const int MostHolidays = 500;

    public static void MapCaseRules(this RouteGroupBuilder api)
    {
        RouteGroupBuilder rules = api.MapGroup("/case-rules").WithTags("Cases");
        rules.MapGet("/", async (IDbContextFactory<TouchstoneDb> databases, HttpContext http, CancellationToken cancellationToken) =>
        {
            await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
            CaseRulesRow row = await CaseRules.ReadAsync(db, cancellationToken);
            http.Response.Headers.ETag = SeenVersion.TagOf(row.Version);
            return TypedResults.Ok(ItemOf(row));
        }).WithName("GetCaseRules").WithSummary("How the authority works on cases. Its ETag is its version.");
        rules.MapPut("/", SetAsync).RequireAuthorization(Policies.Administer).WithName("SetCaseRules").WithSummary("Sets how the authority works on cases.").ProducesProblem(409).ProducesProblem(412).WithMetadata(SeenVersion.Header("rules"));
        rules.MapGet("/days-off", HolidaysAsync).WithName("ListDaysOff").WithSummary("The days off that the operator added, the latest first, at most 500.");
        rules.MapPost("/days-off", AddAsync).RequireAuthorization(Policies.Administer).WithName("AddDayOff").WithSummary("Adds a day off to a country.").ProducesProblem(409);
        rules.MapDelete("/days-off/{id:long}", RemoveAsync).RequireAuthorization(Policies.Administer).WithName("RemoveDayOff").WithSummary("Takes a day off away again; clocks that run keep their day.").ProducesProblem(404);
    }

    private static CaseRulesItem ItemOf(CaseRulesRow x) =>
        new(x.HitsAlone, x.OrderDays, x.NoticeDays, x.SampleDays, x.OwnDays, x.Country, CaseRules.Upsetting(x), x.ChangedBy, x.ChangedAt, x.Version, WorkingCalendar.KnownCountries);

    private static async Task<Results<Ok<CaseRulesItem>, ProblemHttpResult>> SetAsync(CaseRulesRequest x, HttpContext http, Acting acting, CancellationToken cancellationToken)
    {
        long? seen = SeenVersion.Of(http, "rules");
        VerbOutcome<CaseRulesRow> outcome = await acting.AsAsync(http.User, c => new SetCaseRules(x.HitsAlone, x.OrderDays, x.NoticeDays, x.SampleDays, x.OwnDays, x.Country, x.UpsettingCategories, seen).RunAsync(c, cancellationToken), cancellationToken);
        if (!outcome.Done) return SeenVersion.Refused(outcome, seen);
        http.Response.Headers.ETag = SeenVersion.TagOf(outcome.Value!.Version);
        return TypedResults.Ok(ItemOf(outcome.Value));
    }

    private static async Task<Ok<IReadOnlyList<HolidayItem>>> HolidaysAsync(IDbContextFactory<TouchstoneDb> databases, CancellationToken cancellationToken)
    {
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        return TypedResults.Ok<IReadOnlyList<HolidayItem>>([.. (await db.Holidays.AsNoTracking().OrderByDescending(x => x.Day).ThenBy(x => x.Country).Take(MostHolidays).ToListAsync(cancellationToken)).Select(HolidayItem.Of)]);
    }

    private static async Task<Results<Ok<HolidayItem>, ProblemHttpResult>> AddAsync(HolidayRequest request, HttpContext http, Acting acting, CancellationToken cancellationToken)
    {
        VerbOutcome<HolidayRow> outcome = await acting.AsAsync(http.User, x => new AddHoliday(request.Country, request.Day, request.Name).RunAsync(x, cancellationToken), cancellationToken);
        return outcome.Done ? TypedResults.Ok(HolidayItem.Of(outcome.Value!)) : Problems.Of(outcome);
    }

    private static async Task<Results<Ok<HolidayItem>, ProblemHttpResult>> RemoveAsync(long id, HttpContext http, Acting acting, CancellationToken cancellationToken)
    {
        VerbOutcome<HolidayRow> outcome = await acting.AsAsync(http.User, x => new RemoveHoliday(id).RunAsync(x, cancellationToken), cancellationToken);
        return outcome.Done ? TypedResults.Ok(HolidayItem.Of(outcome.Value!)) : Problems.Of(outcome);
    }
}
