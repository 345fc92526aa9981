using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Touchstone.Screening.Audit;
using Touchstone.Screening.Notifications;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Cases;

/// <summary>Tells, once for each clock, that it ran out: in the history of its case, in the audit log, and by mail to whoever the case is given to.</summary>
public static class ClockBreaches
{
    /// <summary>Who is named for what the installation does by itself.</summary>
    public const string Actor = "touchstone";

    private const int MostAtOnce = 100;

    /// <summary>Tells of the clocks that have run out by now and that nobody was told of; of two nodes that look at once, one tells.</summary>
    /// <param name="addresses">The mail addresses of the account that a case is given to (null: to nobody); empty: nobody is written to.</param>
    /// <returns>How many clocks were told of.</returns>
    public static async Task<int> TellAsync(IDbContextFactory<TouchstoneDb> databases, TimeProvider clock, Func<string?, CancellationToken, Task<IReadOnlyList<string>>> addresses, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(databases);
        ArgumentNullException.ThrowIfNull(addresses);
        DateTimeOffset now = clock.GetUtcNow();
        long[] late;
        await using (TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken))
            late = await db.CaseClocks.Where(x => x.MetAt == null && x.BreachToldAt == null && x.DueAt < now).OrderBy(x => x.DueAt).Select(x => x.Id).Take(MostAtOnce).ToArrayAsync(cancellationToken);
        int told = 0;
        foreach (long id in late)
        {
            await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
            if (await TellAsync(new VerbContext(db, Actor, clock), id, now, addresses, cancellationToken)) told++;
        }
        return told;
    }

    private static async Task<bool> TellAsync(VerbContext context, long id, DateTimeOffset now, Func<string?, CancellationToken, Task<IReadOnlyList<string>>> addresses, CancellationToken cancellationToken)
    {
        await using IDbContextTransaction transaction = await context.Db.Database.BeginTransactionAsync(cancellationToken);
        int mine = await context.Db.CaseClocks.Where(x => x.Id == id && x.MetAt == null && x.BreachToldAt == null).ExecuteUpdateAsync(x => x.SetProperty(c => c.BreachToldAt, now), cancellationToken);
        if (mine == 0) return false;
        CaseClockRow row = await context.Db.CaseClocks.AsNoTracking().SingleAsync(x => x.Id == id, cancellationToken);
        VerbOutcome<CaseRow> outcome = await CaseHistory.FindAsync(context, row.CaseId, null, cancellationToken);
        if (!outcome.Done) return false;
        CaseRow found = outcome.Value!;
        string text = CaseClocks.Told(row);
        CaseHistory.Add(context, found, CaseEventKind.ClockRanOut, text);
        IReadOnlyList<string> recipients = [.. (await addresses(found.AssignedTo, cancellationToken)).Where(x => EmailAddress.TryParse(x) is not null)];
        foreach (string recipient in recipients)
        {
            string body = string.Create(CultureInfo.InvariantCulture, $"A deadline of case {found.Id} (“{found.Title}”) ran out on {row.DueAt.UtcDateTime:yyyy-MM-dd}.\n\n{text}\nGiven to: {found.AssignedTo ?? "nobody"}\n\nOpen the case in Touchstone: /cases/{found.Id}\n");
            await Outbox.EnqueueAsync(context.Db, new OutboxMessage(OutboxKind.Email, recipient, $"Case {found.Id}: a deadline ran out", body, $"case-clock/{id}/{recipient}"), context.Clock, cancellationToken);
        }
        if (!(await CaseHistory.SaveAsync(context, found, AuditAction.ClockRanOut, $"{text}; {recipients.Count} told by mail", cancellationToken)).Done) return false;
        await transaction.CommitAsync(cancellationToken);
        return true;
    }
}
