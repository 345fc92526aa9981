using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Touchstone.Recognition.Scoring;
using Touchstone.Screening.Audit;
using Touchstone.Screening.Cases;
using Touchstone.Screening.Screenings;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Hits;

/// <summary>What was screened: an observation of a listing for a search, or a capture.</summary>
public sealed record ScreeningSubject(long? ObservationId, long? CaptureId, long? SearchId, string InputHash);

/// <summary>
/// Keeps screenings, their matches and the hits that follow from them. A hit is one listing or capture with one reference. Found again, it takes the newer
/// match while nobody has decided it. What was decided stays with the match on which it was decided; a rejection opens again, with the reason, where
/// another picture or another relation matches. Safe for concurrent use.
/// </summary>
public sealed class HitStore(IDbContextFactory<TouchstoneDb> databases, TimeProvider clock)
{
    /// <summary>How the audit log and a case's history name the program where nobody acted.</summary>
    public const string Actor = "touchstone";

    private const int MostAttempts = 5;

    /// <summary>Stores the outcome and the hits that it gives; returns the screening with its matches.</summary>
    public async Task<ScreeningRow> SaveAsync(ScreeningSubject subject, ScreeningOutcome outcome, CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
            long? listingId = subject.ObservationId is { } seen ? await db.Observations.Where(o => o.Id == seen).Select(o => o.ListingId).FirstAsync(cancellationToken) : null;
            ScreeningRow screening = RowOf(subject, outcome);
            db.Screenings.Add(screening);
            Dictionary<long, HitRow> known = await db.Hits.Include(h => h.Match).Include(h => h.Decisions).ThenInclude(d => d.Match)
                .Where(h => (listingId != null && h.ListingId == listingId) || (subject.CaptureId != null && h.CaptureId == subject.CaptureId))
                .ToDictionaryAsync(h => h.ReferenceId, cancellationToken);
            var entries = new List<AuditEntry>();
            foreach (MatchRow match in screening.Matches)
            {
                if (!known.TryGetValue(match.ReferenceId, out HitRow? hit))
                {
                    hit = new HitRow { ListingId = listingId, CaptureId = subject.CaptureId, ReferenceId = match.ReferenceId, SearchId = subject.SearchId, FoundAt = clock.GetUtcNow() };
                    db.Hits.Add(hit);
                    Show(hit, match);
                }
                else if (hit.State == HitState.New) Show(hit, match);
                else if (hit.State == HitState.Rejected && Reopening.Reason(hit, match) is { } reason) entries.Add(await ReopenAsync(db, hit, match, reason, cancellationToken));
            }
            try
            {
                await AuditLog.SaveAsync(db, clock, entries, cancellationToken);
                return screening;
            }
            catch (DbUpdateException) when (attempt < MostAttempts)
            {
                // Another worker found the same hit first, or a person decided it just now; the next turn finds its row.
            }
        }
    }

    /// <summary>The screening of an observation with exactly this input that came to a verdict, with its matches; null if there is none.</summary>
    public async Task<ScreeningRow?> FindAsync(long observationId, string inputHash, CancellationToken cancellationToken)
    {
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Screenings.AsNoTracking().Include(s => s.Matches).Where(s => s.ObservationId == observationId && s.InputHash == inputHash && s.Verdict != Verdict.Undetermined)
            .OrderByDescending(s => s.Id).FirstOrDefaultAsync(cancellationToken);
    }

    private static void Show(HitRow hit, MatchRow match)
    {
        hit.Match = match;
        hit.Relation = match.Relation;
        hit.Probability = match.Probability;
        hit.Verdict = match.Verdict;
    }

    private async Task<AuditEntry> ReopenAsync(TouchstoneDb db, HitRow hit, MatchRow match, string reason, CancellationToken cancellationToken)
    {
        Show(hit, match);
        (hit.State, hit.DecidedBy, hit.DecidedAt, hit.Note) = (HitState.New, null, null, null);
        (hit.ReopenedAt, hit.ReopenedBecause) = (clock.GetUtcNow(), reason);
        if (hit.CaseId is { } caseId)
        {
            CaseRow inCase = await db.Cases.FirstAsync(c => c.Id == caseId, cancellationToken);
            inCase.Version++;
            db.CaseEvents.Add(new() { CaseId = caseId, Kind = CaseEventKind.HitReopened, Actor = Actor, At = clock.GetUtcNow(), Text = $"Hit {hit.Id}: {reason}" });
        }
        return new AuditEntry(Actor, AuditAction.HitReopened, AuditSubject.Hit(hit.Id), $"{HitState.Rejected} → {HitState.New}: {reason}");
    }

    private ScreeningRow RowOf(ScreeningSubject subject, ScreeningOutcome outcome)
    {
        var screening = new ScreeningRow
        {
            ObservationId = subject.ObservationId,
            CaptureId = subject.CaptureId,
            Verdict = outcome.Verdict,
            Reason = outcome.Reason,
            Detail = outcome.Detail,
            ModelId = outcome.ModelId,
            ProfileId = outcome.ProfileId,
            GallerySequence = outcome.GallerySequence,
            GalleryFingerprint = outcome.GalleryFingerprint,
            InputHash = subject.InputHash,
            ScreenedAt = clock.GetUtcNow(),
        };
        foreach (FoundMatch match in outcome.Matches)
        {
            screening.Matches.Add(new MatchRow
            {
                ReferenceId = match.ReferenceId,
                ImageSha256 = match.ImageSha256,
                ReferenceImageSha256 = match.ReferenceImageSha256,
                Relation = match.Relation,
                Probability = match.Probability.Value,
                Verdict = match.Verdict,
                Signals = JsonSerializer.Serialize(match.Signals, JsonSerializerOptions.Web),
            });
        }
        return screening;
    }
}
