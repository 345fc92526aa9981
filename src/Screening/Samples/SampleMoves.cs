using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.Audit;
using Touchstone.Screening.Cases;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Samples;

/// <summary>Reads samples.</summary>
public static class SampleQueries
{
    /// <summary>The most samples of a case that are shown.</summary>
    public const int Most = 100;

    /// <summary>The samples of a case with their reports, the newest first.</summary>
    public static async Task<IReadOnlyList<SampleRow>> OfCaseAsync(TouchstoneDb db, long caseId, CancellationToken cancellationToken) =>
        await db.Samples.AsNoTracking().Include(x => x.Report).Include(x => x.Clock).Where(x => x.CaseId == caseId).OrderByDescending(x => x.Id).Take(Most).ToListAsync(cancellationToken);
}

/// <summary>What the steps of a sample have in common.</summary>
internal static class SampleMoves
{
    public static async Task<VerbOutcome<SampleRow>> RunAsync(
        VerbContext context, long sampleId, long? seen, SampleState[] from, Func<CaseRow, SampleRow, CancellationToken, Task> step, string told, CancellationToken cancellationToken)
    {
        SampleRow? sample = await context.Db.Samples.Include(x => x.Clock).FirstOrDefaultAsync(x => x.Id == sampleId, cancellationToken);
        if (sample is null) return Refused(Refusal.NotFound, $"There is no sample {sampleId}.");
        await context.Db.Entry(sample).ReloadAsync(cancellationToken);
        if (seen is { } version && version != sample.Version) return Overtaken(sampleId);
        if (!from.Contains(sample.State)) return Refused(Refusal.Conflict, $"Sample {sampleId} is {sample.State}; it cannot take this step.");
        VerbOutcome<CaseRow> outcome = await CaseHistory.FindAsync(context, sample.CaseId, null, cancellationToken);
        if (!outcome.Done) return Refused(outcome.Refusal!.Value, outcome.Detail!);
        if (outcome.Value!.State.IsEnded()) return Refused(Refusal.Conflict, $"Case {sample.CaseId} is closed; reopen it first.");
        await step(outcome.Value, sample, cancellationToken);
        sample.Version++;
        return await SaveAsync(context, outcome.Value, sample, told, cancellationToken);
    }

    public static async Task<VerbOutcome<SampleRow>> SaveAsync(VerbContext context, CaseRow found, SampleRow sample, string told, CancellationToken cancellationToken)
    {
        VerbOutcome<CaseRow> saved = await CaseHistory.SaveAsync(context, found, AuditAction.SampleChanged, told, cancellationToken);
        return saved.Done ? VerbOutcome.Done(sample) : Refused(saved.Refusal!.Value, saved.Detail!);
    }

    /// <summary>Moves the case if it stands where the way begins; a case that is elsewhere stays there.</summary>
    public static void Move(VerbContext context, CaseRow found, CaseState from, CaseState to, string why)
    {
        if (found.State == from && CaseTransitions.Find(from, to) is { } way && way.By.HasFlag(CaseMover.Sample)) CaseMoves.Go(context, found, way, why, context.Clock.GetUtcNow());
    }

    public static void Meet(VerbContext context, CaseRow found, SampleRow sample, string how)
    {
        if (sample.Clock is { MetAt: null } clock) CaseClocks.Meet(context, found, clock, how);
    }

    public static Task<bool> IsAnotherUnderWayAsync(VerbContext context, SampleRow sample, CancellationToken cancellationToken) => context.Db.Samples.AnyAsync(
        x => x.CaseId == sample.CaseId && x.Id != sample.Id && (x.State == SampleState.Ordered || x.State == SampleState.Received || x.State == SampleState.SentToLab), cancellationToken);

    public static string Named(SampleRow sample) => $"sample {sample.Id} from {sample.Supplier}";

    public static string? Kept(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    private static VerbOutcome<SampleRow> Overtaken(long id) => Refused(Refusal.Overtaken, $"Somebody changed sample {id} meanwhile. Read it again and repeat what still applies.");

    private static VerbOutcome<SampleRow> Refused(Refusal refusal, string detail) => VerbOutcome.Refused<SampleRow>(refusal, detail);
}
