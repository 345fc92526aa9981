using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Touchstone.Screening.Notifications;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Weekly;

/// <summary>
/// Writes the messages of weeks and days that ended: one a person and week or day, in the transaction that notes it, and none where nothing came. Any number of processes may; of two at once one
/// writes it. Safe for concurrent use.
/// </summary>
public sealed class DigestRunner(IDbContextFactory<TouchstoneDb> databases, WeeklyOptions options, TimeProvider clock)
{
    // One a person of an installation.
    private const int MostPeople = 1_000;

    /// <summary>Returns how many messages were written.</summary>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        TimeZoneInfo zone = options.Zone;
        DateTimeOffset now = clock.GetUtcNow();
        Span week = Week(now, zone), day = Day(now, zone);
        string[] accounts;
        await using (TouchstoneDb read = await databases.CreateDbContextAsync(cancellationToken))
            accounts = await read.Digests.Where(d => (d.Pace == DigestPace.Week && (d.Told == null || d.Told != week.Name)) || (d.Pace == DigestPace.Day && (d.Told == null || d.Told != day.Name)))
                .OrderBy(d => d.Account).Select(d => d.Account).Take(MostPeople).ToArrayAsync(cancellationToken);
        int written = 0;
        foreach (string account in accounts)
            if (await WriteAsync(account, week, day, zone, cancellationToken)) written++;
        return written;
    }

    private async Task<bool> WriteAsync(string account, Span week, Span day, TimeZoneInfo zone, CancellationToken cancellationToken)
    {
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        DigestRow? row = await db.Digests.FirstOrDefaultAsync(d => d.Account == account, cancellationToken);
        if (row is null) return false;
        Span span = row.Pace == DigestPace.Week ? week : day;
        // Who asks today is not told of the time before.
        if (row.Told == span.Name || span.Until <= row.ChangedAt) return false;
        WeeklyReport report = await WeeklyList.ReadAsync(db, span.Name, span.From, span.Until, row.Market, cancellationToken);
        await using IDbContextTransaction transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        bool has = DigestMail.HasNews(report);
        if (has) await Outbox.EnqueueAsync(db, DigestMail.Write(row, report, zone, $"digest/{account}/{span.Name}"), clock, cancellationToken);
        row.Told = span.Name;
        try
        {
            await db.SaveChangesAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            return has;
        }
        catch (DbUpdateException e) when (!DatabaseAway.Explains(e))
        {
            // Another node wrote it at this moment, or the person ended it.
            return false;
        }
    }

    /// <summary>The last week whose message is due.</summary>
    private Span Week(DateTimeOffset now, TimeZoneInfo zone)
    {
        WeekOfList last = WeekOfList.Of(now.AddHours(-options.Hour), zone).Add(-1, zone);
        return new Span(last.Name, last.From, last.Until);
    }

    private Span Day(DateTimeOffset now, TimeZoneInfo zone)
    {
        DateTime today = TimeZoneInfo.ConvertTime(now.AddHours(-options.Hour), zone).Date;
        return new Span(today.AddDays(-1).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), WeekOfList.Midnight(today.AddDays(-1), zone), WeekOfList.Midnight(today, zone));
    }

    private sealed record Span(string Name, DateTimeOffset From, DateTimeOffset Until);
}
