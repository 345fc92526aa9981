using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.Audit;
using Touchstone.Screening.Clocks;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Cases;

/// <summary>Lets a deadline of a case begin to run. It is due at the end (UTC) of a working day of its country.</summary>
/// <param name="What">What is waited for; null: the kind says it.</param>
/// <param name="Country">ISO 3166-1 alpha-2 of whose working days count; null: the case's market, else the country of the rules.</param>
/// <param name="Days">Working days, 1..<see cref="WorkingCalendar.MostDays"/>; null: as the rules say for the kind.</param>
/// <param name="Due">The last day itself instead of a number of days.</param>
public sealed record StartClock(long CaseId, ClockKind Kind, string? What = null, string? Country = null, int? Days = null, DateOnly? Due = null)
{
    public async Task<VerbOutcome<CaseClockRow>> RunAsync(VerbContext context, CancellationToken cancellationToken)
    {
        if (!Enum.IsDefined(Kind)) return Refused(Refusal.Invalid, $"{Kind} is no kind of clock; there are {string.Join(", ", Enum.GetNames<ClockKind>())}.");
        if (CaseText.Problem("What the clock is for", What, CaseText.LongestTitle, required: false) is { } problem) return Refused(Refusal.Invalid, problem);
        if (CountryCode.Problem(Country) is { } country) return Refused(Refusal.Invalid, country);
        if (Days is < 1 or > WorkingCalendar.MostDays) return Refused(Refusal.Invalid, $"A deadline has 1 to {WorkingCalendar.MostDays} working days, not {Days}.");
        if (Due is { } due && due < DateOnly.FromDateTime(context.Clock.GetUtcNow().UtcDateTime)) return Refused(Refusal.Invalid, string.Create(CultureInfo.InvariantCulture, $"The case cannot be due on {due:yyyy-MM-dd}, which is past."));
        VerbOutcome<CaseRow> outcome = await CaseHistory.FindAsync(context, CaseId, null, cancellationToken);
        if (!outcome.Done) return Refused(outcome.Refusal!.Value, outcome.Detail!);
        CaseRow found = outcome.Value!;
        if (found.State.IsEnded()) return Refused(Refusal.Conflict, $"Case {CaseId} is closed; reopen it first.");
        CaseClockRow row = await CaseClocks.StartAsync(context, found, Kind, string.IsNullOrWhiteSpace(What) ? null : What.Trim(), Country, Days, Due, cancellationToken);
        VerbOutcome<CaseRow> saved = await CaseHistory.SaveAsync(context, found, AuditAction.ClockStarted, CaseClocks.Told(row), cancellationToken);
        return saved.Done ? VerbOutcome.Done(row) : Refused(saved.Refusal!.Value, saved.Detail!);
    }

    private static VerbOutcome<CaseClockRow> Refused(Refusal refusal, string detail) => VerbOutcome.Refused<CaseClockRow>(refusal, detail);
}

/// <summary>Stops a clock: what it ran for happened, or is not waited for any more. Whether it was in time stays to be seen.</summary>
/// <param name="How">What met it, for people.</param>
public sealed record MeetClock(long ClockId, string How)
{
    public async Task<VerbOutcome<CaseClockRow>> RunAsync(VerbContext context, CancellationToken cancellationToken)
    {
        if (CaseText.Problem("What met the clock", How, CaseText.LongestNote, required: true) is { } problem) return Refused(Refusal.Invalid, problem);
        CaseClockRow? row = await context.Db.CaseClocks.FirstOrDefaultAsync(x => x.Id == ClockId, cancellationToken);
        if (row is null) return Refused(Refusal.NotFound, $"There is no clock {ClockId}.");
        await context.Db.Entry(row).ReloadAsync(cancellationToken);
        if (row.MetAt is not null) return Refused(Refusal.Conflict, $"Clock {ClockId} was stopped already, by {row.MetBy}.");
        VerbOutcome<CaseRow> outcome = await CaseHistory.FindAsync(context, row.CaseId, null, cancellationToken);
        if (!outcome.Done) return Refused(outcome.Refusal!.Value, outcome.Detail!);
        CaseClocks.Meet(context, outcome.Value!, row, How);
        VerbOutcome<CaseRow> saved = await CaseHistory.SaveAsync(context, outcome.Value!, AuditAction.ClockMet, $"clock {row.Id}: {How}", cancellationToken);
        return saved.Done ? VerbOutcome.Done(row) : Refused(saved.Refusal!.Value, saved.Detail!);
    }

    private static VerbOutcome<CaseClockRow> Refused(Refusal refusal, string detail) => VerbOutcome.Refused<CaseClockRow>(refusal, detail);
}

/// <summary>The clocks of cases.</summary>
public static class CaseClocks
{
    /// <summary>How the clock of a notice was met whose links are all seen to be gone.</summary>
    public const string OffersGone = "Every offer is gone.";

    /// <summary>How the clock of a sample was met that came.</summary>
    public const string SampleArrived = "the sample arrived";

    /// <summary>The most clocks of a case that are shown.</summary>
    public const int Most = 100;

    /// <summary>The clocks of a case: those that run first, the soonest due before the others, then those that were met, the newest before.</summary>
    public static async Task<IReadOnlyList<CaseClockRow>> OfCaseAsync(TouchstoneDb db, long caseId, CancellationToken cancellationToken)
    {
        List<CaseClockRow> rows = await db.CaseClocks.AsNoTracking().Where(x => x.CaseId == caseId).OrderBy(x => x.MetAt != null).ThenByDescending(x => x.Id).Take(Most).ToListAsync(cancellationToken);
        return [.. rows.Where(x => x.MetAt is null).OrderBy(x => x.DueAt), .. rows.Where(x => x.MetAt is not null).OrderByDescending(x => x.MetAt)];
    }

    /// <summary>Whether it ran out before it was met, or before now.</summary>
    public static bool IsBreached(this CaseClockRow row, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(row);
        return (row.MetAt ?? now) > row.DueAt;
    }

    /// <summary>Starts a clock among the pending changes; whoever calls saves.</summary>
    internal static async Task<CaseClockRow> StartAsync(VerbContext context, CaseRow found, ClockKind kind, string? what, string? country, int? days, DateOnly? due, CancellationToken cancellationToken)
    {
        CaseRulesRow rules = await CaseRules.ReadAsync(context.Db, cancellationToken);
        DateTimeOffset now = context.Clock.GetUtcNow();
        WorkingCalendar calendar = await CaseRules.CalendarAsync(context.Db, country ?? found.Market ?? rules.Country, cancellationToken);
        DateOnly last = due ?? calendar.AddWorkingDays(DateOnly.FromDateTime(now.UtcDateTime), days ?? CaseRules.DaysOf(rules, kind));
        var row = new CaseClockRow
        {
            CaseId = found.Id, Case = found, Kind = kind, What = what, Country = calendar.Country, StartedAt = now, StartedBy = context.Actor, DueAt = EndOf(last),
        };
        context.Db.CaseClocks.Add(row);
        CaseHistory.Add(context, found, CaseEventKind.ClockStarted, Told(row));
        return row;
    }

    /// <summary>The last minute (UTC) of a day.</summary>
    internal static DateTimeOffset EndOf(DateOnly day) => new(day.ToDateTime(new TimeOnly(23, 59)), TimeSpan.Zero);

    /// <summary>Stops a clock among the pending changes; whoever calls saves.</summary>
    internal static void Meet(VerbContext context, CaseRow found, CaseClockRow row, string how)
    {
        (row.MetAt, row.MetBy, row.How) = (context.Clock.GetUtcNow(), context.Actor, how.Trim());
        CaseHistory.Add(context, found, row.EndedWithCase ? CaseEventKind.ClockEnded : CaseEventKind.ClockMet, $"{Named(row)}: {row.How}");
    }

    /// <summary>Stops what runs in a case that ends, among the pending changes; whoever calls saves.</summary>
    internal static async Task StopAllAsync(VerbContext context, CaseRow found, CancellationToken cancellationToken)
    {
        foreach (CaseClockRow row in await context.Db.CaseClocks.Where(x => x.CaseId == found.Id && x.MetAt == null).ToListAsync(cancellationToken)) Meet(context, found, row, CaseClockRow.WithTheCase);
    }

    /// <summary>What the history says, such as <c>Order, due 2026-05-18</c>.</summary>
    internal static string Told(CaseClockRow row) => string.Create(CultureInfo.InvariantCulture, $"{Named(row)}, due {row.DueAt.UtcDateTime:yyyy-MM-dd}");

    private static string Named(CaseClockRow row) => row.What is null ? row.Kind.ToString() : $"{row.Kind} ({row.What})";
}
