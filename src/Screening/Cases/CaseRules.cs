using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.Audit;
using Touchstone.Screening.Clocks;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Cases;

/// <summary>How the authority works on cases: who may decide how much alone, how long things may take, which days are off, what upsets.</summary>
public static class CaseRules
{
    /// <summary>The most hits that one person may be allowed to decide in one go.</summary>
    public const int MostAlone = 500;

    /// <summary>The most days off that are kept for one country.</summary>
    public const int MostHolidays = 1000;

    /// <summary>The rules as they stand; the defaults where nobody changed them. Not tracked.</summary>
    public static async Task<CaseRulesRow> ReadAsync(TouchstoneDb db, CancellationToken cancellationToken) =>
        await db.CaseRules.AsNoTracking().FirstOrDefaultAsync(x => x.Id == CaseRulesRow.Only, cancellationToken) ?? new CaseRulesRow();

    /// <summary>The categories whose pictures are blurred.</summary>
    public static IReadOnlyList<string> Upsetting(CaseRulesRow rules)
    {
        ArgumentNullException.ThrowIfNull(rules);
        return rules.UpsettingCategories.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }

    /// <summary>The working days of a country, without the days off that the operator added for it.</summary>
    public static async Task<WorkingCalendar> CalendarAsync(TouchstoneDb db, string? country, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(country)) return WorkingCalendar.For(null);
        string code = country.Trim().ToUpperInvariant();
        return WorkingCalendar.For(code, await db.Holidays.Where(x => x.Country == code).Select(x => x.Day).Take(MostHolidays).ToListAsync(cancellationToken));
    }

    /// <summary>The days that a kind of clock runs where nobody says another number.</summary>
    public static int DaysOf(CaseRulesRow rules, ClockKind kind)
    {
        ArgumentNullException.ThrowIfNull(rules);
        return kind switch
        {
            ClockKind.Order => rules.OrderDays,
            ClockKind.Notice => rules.NoticeDays,
            ClockKind.SampleResult => rules.SampleDays,
            _ => rules.OwnDays,
        };
    }
}

/// <summary>Changes the rules of cases.</summary>
/// <param name="HitsAlone">1..<see cref="CaseRules.MostAlone"/> hits.</param>
/// <param name="OrderDays">1..<see cref="WorkingCalendar.MostDays"/> working days; the others likewise.</param>
/// <param name="Country">ISO 3166-1 alpha-2; null: none.</param>
/// <param name="UpsettingCategories">In the registers' words.</param>
/// <param name="Version">The version that was seen; null: any.</param>
public sealed record SetCaseRules(int HitsAlone, int OrderDays, int NoticeDays, int SampleDays, int OwnDays, string? Country, IReadOnlyList<string> UpsettingCategories, long? Version = null)
{
    private const int MostCategories = 200;

    public async Task<VerbOutcome<CaseRulesRow>> RunAsync(VerbContext context, CancellationToken cancellationToken)
    {
        if (Problem() is { } problem) return VerbOutcome.Refused<CaseRulesRow>(Refusal.Invalid, problem);
        CaseRulesRow? row = await context.Db.CaseRules.FirstOrDefaultAsync(x => x.Id == CaseRulesRow.Only, cancellationToken);
        if (Version is { } seen && seen != (row?.Version ?? 0)) return Overtaken();
        if (row is null) context.Db.CaseRules.Add(row = new CaseRulesRow());
        (row.HitsAlone, row.OrderDays, row.NoticeDays, row.SampleDays, row.OwnDays) = (HitsAlone, OrderDays, NoticeDays, SampleDays, OwnDays);
        row.Country = string.IsNullOrWhiteSpace(Country) ? null : Country.Trim();
        row.UpsettingCategories = string.Join('\n', UpsettingCategories.Select(x => x.Trim()).Where(x => x.Length > 0).Distinct(StringComparer.Ordinal));
        (row.ChangedBy, row.ChangedAt) = (context.Actor, context.Clock.GetUtcNow());
        row.Version++;
        string text = FormattableString.Invariant($"alone {HitsAlone} hits, order {OrderDays}, notice {NoticeDays}, sample {SampleDays}, own {OwnDays} days, country {row.Country ?? "none"}, upsetting: {row.UpsettingCategories.Replace('\n', ';')}");
        try
        {
            await AuditLog.SaveAsync(context.Db, context.Clock, new AuditEntry(context.Actor, AuditAction.CaseRulesChanged, "cases", text), cancellationToken);
        }
        catch (DbUpdateException)
        {
            // Somebody else changed them, or was the first to, at the same moment.
            context.Db.ChangeTracker.Clear();
            return Overtaken();
        }
        return VerbOutcome.Done(row);
    }

    private static VerbOutcome<CaseRulesRow> Overtaken() => VerbOutcome.Refused<CaseRulesRow>(Refusal.Overtaken, "Somebody changed the rules meanwhile. Read them again and repeat what still applies.");

    private string? Problem()
    {
        if (HitsAlone is < 1 or > CaseRules.MostAlone) return $"One person decides 1 to {CaseRules.MostAlone} hits alone, not {HitsAlone}.";
        foreach (int days in (int[])[OrderDays, NoticeDays, SampleDays, OwnDays])
            if (days is < 1 or > WorkingCalendar.MostDays) return $"A deadline has 1 to {WorkingCalendar.MostDays} working days, not {days}.";
        if (CountryCode.Problem(Country) is { } country) return country;
        if (UpsettingCategories.Count > MostCategories) return $"At most {MostCategories} categories are kept.";
        return UpsettingCategories.Select(x => CaseText.Problem("The category", x, CaseText.LongestTitle, required: x is null)).FirstOrDefault(x => x is not null);
    }
}

/// <summary>What is said of a country's code.</summary>
internal static class CountryCode
{
    public static string? Problem(string? code) => string.IsNullOrWhiteSpace(code) || Markets.IsKnown(code.Trim()) ? null : $"'{code}' is no ISO 3166 code of two capital letters.";
}

/// <summary>Adds a day off to a country. One that is there already keeps its name.</summary>
public sealed record AddHoliday(string Country, DateOnly Day, string Name)
{
    public async Task<VerbOutcome<HolidayRow>> RunAsync(VerbContext context, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(Country) || CountryCode.Problem(Country) is not null) return Invalid($"'{Country}' is no ISO 3166 code of two capital letters.");
        if (CaseText.Problem("The day's name", Name, CaseText.LongestTitle, required: true) is { } problem) return Invalid(problem);
        string country = Country.Trim();
        if (await context.Db.Holidays.FirstOrDefaultAsync(x => x.Country == country && x.Day == Day, cancellationToken) is { } known) return VerbOutcome.Done(known);
        if (await context.Db.Holidays.CountAsync(x => x.Country == country, cancellationToken) >= CaseRules.MostHolidays) return VerbOutcome.Refused<HolidayRow>(Refusal.Conflict, $"At most {CaseRules.MostHolidays} days off are kept for a country.");
        var row = new HolidayRow { Country = country, Day = Day, Name = Name.Trim(), AddedBy = context.Actor, AddedAt = context.Clock.GetUtcNow() };
        context.Db.Holidays.Add(row);
        try
        {
            await AuditLog.SaveAsync(context.Db, context.Clock, new AuditEntry(context.Actor, AuditAction.CaseRulesChanged, "cases", FormattableString.Invariant($"day off {Day:yyyy-MM-dd} in {country}: {row.Name}")), cancellationToken);
        }
        catch (DbUpdateException)
        {
            // Somebody else added the same day at the same moment.
            context.Db.ChangeTracker.Clear();
            if (await context.Db.Holidays.AsNoTracking().FirstOrDefaultAsync(x => x.Country == country && x.Day == Day, cancellationToken) is { } other) return VerbOutcome.Done(other);
            throw;
        }
        return VerbOutcome.Done(row);
    }

    private static VerbOutcome<HolidayRow> Invalid(string detail) => VerbOutcome.Refused<HolidayRow>(Refusal.Invalid, detail);
}

/// <summary>Takes a day off away again; clocks that were counted with it stay as they are.</summary>
public sealed record RemoveHoliday(long Id)
{
    public async Task<VerbOutcome<HolidayRow>> RunAsync(VerbContext context, CancellationToken cancellationToken)
    {
        HolidayRow? row = await context.Db.Holidays.FirstOrDefaultAsync(x => x.Id == Id, cancellationToken);
        if (row is null) return VerbOutcome.Refused<HolidayRow>(Refusal.NotFound, $"There is no day off {Id}.");
        context.Db.Holidays.Remove(row);
        await AuditLog.SaveAsync(context.Db, context.Clock, new AuditEntry(context.Actor, AuditAction.CaseRulesChanged, "cases", FormattableString.Invariant($"no day off any more: {row.Day:yyyy-MM-dd} in {row.Country}")), cancellationToken);
        return VerbOutcome.Done(row);
    }
}
