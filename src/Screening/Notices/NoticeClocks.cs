using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.Cases;
using Touchstone.Screening.Clocks;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Notices;

/// <summary>The deadlines that notices set: by which day an answer is asked for, and the clock of the case that runs until it comes.</summary>
internal static class NoticeClocks
{
    /// <summary>Working days after a request, for which no law says a number.</summary>
    private const int RequestDays = 5;

    /// <summary>
    /// The day to answer by unless the person says another, in working days of the case's market, or else of the country of the rules: as the rules of cases say for an order and for a notice
    /// (2 and 3; Regulation (EU) 2023/988, article 22), 5 for a request; null for what asks for no answer.
    /// </summary>
    public static async Task<DateOnly?> DefaultAsync(TouchstoneDb db, NoticeKind kind, string? market, DateOnly from, CancellationToken cancellationToken)
    {
        if (KindOf(kind) is not { } clock) return null;
        CaseRulesRow rules = await CaseRules.ReadAsync(db, cancellationToken);
        WorkingCalendar calendar = await CaseRules.CalendarAsync(db, market ?? rules.Country, cancellationToken);
        return calendar.AddWorkingDays(from, kind == NoticeKind.ShopRequest ? RequestDays : CaseRules.DaysOf(rules, clock));
    }

    /// <summary>Starts the clock of a notice among the pending changes, in its case or in the one that this was merged into; a case that ended waits for nothing. Whoever calls saves.</summary>
    public static async Task StartAsync(VerbContext context, NoticeRow notice, CancellationToken cancellationToken)
    {
        if (KindOf(notice.Kind) is not { } kind || notice.RespondBy is not { } by) return;
        CaseRow found = await CaseOfAsync(context, notice, cancellationToken);
        if (found.State.IsEnded()) return;
        await CaseClocks.StartAsync(context, found, kind, WhatOf(notice.Id), null, null, by, cancellationToken);
    }

    /// <summary>The case that is worked on for a notice: its own, or the one that this was merged into.</summary>
    public static async Task<CaseRow> CaseOfAsync(VerbContext context, NoticeRow notice, CancellationToken cancellationToken)
    {
        CaseRow found = await context.Db.Cases.SingleAsync(x => x.Id == notice.CaseId, cancellationToken);
        while (found.MergedIntoId is { } next) found = await context.Db.Cases.SingleAsync(x => x.Id == next, cancellationToken);
        return found;
    }

    /// <summary>Stops it, where it runs, among the pending changes.</summary>
    public static async Task MeetAsync(VerbContext context, NoticeRow notice, string how, CancellationToken cancellationToken)
    {
        if (await FindAsync(context.Db, notice, cancellationToken) is not { } clock) return;
        CaseClocks.Meet(context, await context.Db.Cases.SingleAsync(x => x.Id == clock.CaseId, cancellationToken), clock, how);
    }

    /// <summary>Gives it another last day, where it runs, among the pending changes.</summary>
    public static async Task MoveAsync(VerbContext context, NoticeRow notice, CancellationToken cancellationToken)
    {
        if (notice.RespondBy is not { } by || await FindAsync(context.Db, notice, cancellationToken) is not { } clock) return;
        // That it ran out before was told; that the new day passes is told, too.
        (clock.DueAt, clock.BreachToldAt) = (CaseClocks.EndOf(by), null);
    }

    /// <summary>The clock that runs for a notice, in its case or in the one that this was merged into.</summary>
    private static async Task<CaseClockRow?> FindAsync(TouchstoneDb db, NoticeRow notice, CancellationToken cancellationToken)
    {
        string what = WhatOf(notice.Id);
        for (long? at = notice.CaseId; at is { } id; at = await db.Cases.Where(x => x.Id == id).Select(x => x.MergedIntoId).SingleAsync(cancellationToken))
            if (await db.CaseClocks.FirstOrDefaultAsync(x => x.CaseId == id && x.What == what && x.MetAt == null, cancellationToken) is { } clock) return clock;
        return null;
    }

    private static ClockKind? KindOf(NoticeKind kind) => kind switch
    {
        NoticeKind.AuthorityOrder => ClockKind.Order,
        NoticeKind.DsaNotice => ClockKind.Notice,
        NoticeKind.ShopRequest => ClockKind.Own,
        _ => null,
    };

    /// <summary>What the clock of a notice runs for.</summary>
    private static string WhatOf(long notice) => FormattableString.Invariant($"notice {notice}");
}
