using System.Diagnostics.Metrics;
using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.Audit;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Blobs;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Evidence;

/// <summary>What a round of checks did.</summary>
/// <param name="Broken">Bundles that held before and hold no more.</param>
public sealed record EvidenceRound(int Checked, IReadOnlyList<EvidenceRow> Broken);

/// <summary>The bundles that were handed out. Each is checked once a day; one that does not hold is named in the audit log and counted, and it is not given out. Safe for concurrent use.</summary>
public sealed class KeptEvidence(IDbContextFactory<TouchstoneDb> databases, IBlobStore blobs, TimeProvider clock)
{
    public const string MeterName = "Touchstone.Evidence";

    /// <summary>How long a check counts.</summary>
    public static readonly TimeSpan CheckedFor = TimeSpan.FromHours(20);

    /// <summary>Who checks, as the audit log calls it.</summary>
    private const string Actor = "touchstone";
    private const int Batch = 100;

    private static readonly Meter Meter = new(MeterName);
    private static readonly Counter<long> Checks = Meter.CreateCounter<long>("touchstone.evidence.checks", "{bundle}", "Kept bundles of evidence that were checked, by outcome.");
    private static readonly Gauge<long> Unsound = Meter.CreateGauge<long>("touchstone.evidence.broken", "{bundle}", "Kept bundles of evidence of the whole installation that do not hold, as last seen.");

    /// <summary>The bundles of a case, the newest first, at most <paramref name="take"/>.</summary>
    public static Task<List<EvidenceRow>> ListAsync(TouchstoneDb db, long caseId, int take, CancellationToken cancellationToken) =>
        db.Evidence.AsNoTracking().Where(x => x.CaseId == caseId).OrderByDescending(x => x.Id).Take(take).ToListAsync(cancellationToken);

    /// <summary>Up to 100 bundles that do not hold, the newest first.</summary>
    public static Task<List<EvidenceRow>> BrokenAsync(TouchstoneDb db, CancellationToken cancellationToken) =>
        db.Evidence.AsNoTracking().Where(x => x.Problem != null).OrderByDescending(x => x.Id).Take(Batch).ToListAsync(cancellationToken);

    /// <summary>Checks every bundle whose last check no longer counts.</summary>
    public async Task<EvidenceRound> CheckAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset before = clock.GetUtcNow() - CheckedFor;
        var broken = new List<EvidenceRow>();
        int count = 0;
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        while (true)
        {
            List<EvidenceRow> due = await db.Evidence.Where(x => x.CheckedAt < before).OrderBy(x => x.CheckedAt).Take(Batch).ToListAsync(cancellationToken);
            foreach (EvidenceRow row in due)
            {
                bool held = row.Problem is null;
                await CheckAsync(db, row, cancellationToken);
                if (held && row.Problem is not null) broken.Add(row);
                count++;
            }
            db.ChangeTracker.Clear();
            if (due.Count < Batch) break;
        }
        Unsound.Record(await db.Evidence.CountAsync(x => x.Problem != null, cancellationToken));
        return new EvidenceRound(count, broken);
    }

    private async Task CheckAsync(TouchstoneDb db, EvidenceRow row, CancellationToken cancellationToken)
    {
        string? problem = await ProblemAsync(db, row, cancellationToken), before = row.Problem;
        (row.Problem, row.CheckedAt) = (problem, clock.GetUtcNow());
        Checks.Add(1, new KeyValuePair<string, object?>("outcome", problem is null ? "whole" : "broken"));
        AuditEntry[] entries = (before is null) == (problem is null)
            ? []
            : [new AuditEntry(Actor, problem is null ? AuditAction.EvidenceRestored : AuditAction.EvidenceBroken, AuditSubject.Case(row.CaseId), $"bundle {row.Sha256}{(problem is null ? "" : $": {problem}")}")];
        await AuditLog.SaveAsync(db, clock, entries, cancellationToken);
    }

    private async Task<string?> ProblemAsync(TouchstoneDb db, EvidenceRow row, CancellationToken cancellationToken)
    {
        try
        {
            await using FileStream? bundle = await blobs.OpenAsync(row.Sha256, cancellationToken);
            if (bundle is null) return await ErasedBlobs.WhyAsync(db, row.Sha256, cancellationToken) is null ? "It is not in the store." : null;
            return (await EvidenceCheck.RunAsync(bundle, db, null, cancellationToken)).Problem;
        }
        catch (InvalidDataException)
        {
            return "The stored bytes no longer have its hash; they were changed and are not given out.";
        }
    }
}
