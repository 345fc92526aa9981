using System.Globalization;
using CsvHelper;
using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Audit;

/// <summary>
/// The decision log: the entries of the audit log by which a person decided something, as CSV (UTF-8, comma, a header line).
/// A value that a spreadsheet would run as a formula gets an apostrophe in front.
/// </summary>
public static class DecisionLog
{
    private const int Batch = 500;

    /// <summary>Writes the decisions of a span of time, the oldest first, and returns how many there are.</summary>
    /// <param name="from">The first instant; null: from the beginning.</param>
    /// <param name="until">The instant after the last; null: up to now.</param>
    public static async Task<long> WriteCsvAsync(TouchstoneDb db, TextWriter output, DateTimeOffset? from, DateTimeOffset? until, CancellationToken cancellationToken)
    {
        await using CsvWriter csv = CsvWriter.Create(output, new CsvWriterOptions { Injection = CsvInjection.Escape }, leaveOpen: true);
        await csv.WriteRecordAsync(["id", "at", "actor", "action", "subject", "detail", "hash"], cancellationToken);

        IQueryable<AuditRow> wanted = db.Audit.AsNoTracking().Where(x => AuditAction.Decisions.Contains(x.Action));
        if (from is { } first) wanted = wanted.Where(x => x.At >= first);
        if (until is { } end) wanted = wanted.Where(x => x.At < end);
        long count = 0;
        long last = 0;
        while (true)
        {
            List<AuditRow> rows = await wanted.Where(x => x.Id > last).OrderBy(x => x.Id).Take(Batch).ToListAsync(cancellationToken);
            if (rows.Count == 0) break;
            foreach (AuditRow row in rows)
            {
                string at = row.At.ToString("yyyy-MM-ddTHH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
                await csv.WriteRecordAsync([row.Id.ToString(CultureInfo.InvariantCulture), at, row.Actor, row.Action, row.Subject, row.Detail, row.Hash], cancellationToken);
            }
            count += rows.Count;
            last = rows[^1].Id;
        }
        await csv.FlushAsync(cancellationToken);
        return count;
    }
}
