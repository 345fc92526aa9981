using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Touchstone.Recognition.Scoring;
using Touchstone.Screening.Audit;
using Touchstone.Screening.Cases;
using Touchstone.Screening.Following;
using Touchstone.Screening.References;
using Touchstone.Screening.Screenings;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Hits;

/// <summary>What was screened: an observation of a listing for a search, or a capture.</summary>
public sealed record ScreeningSubject(long? ObservationId, long? CaptureId, long? SearchId, string InputHash)
{
    /// <summary>When what was seen before was asked because a reference came in or changed; null: something was seen now.</summary>
    public DateTimeOffset? LookedBackAt { get; init; }

    /// <summary>SHA-256 over all that a screening of an observation goes by: its content, the wanted reference (null: every one), the state of the registers and the profile.</summary>
    public static string InputHashOf(string contentHash, long? referenceId, GalleryStatus gallery, string profileId)
    {
        ArgumentNullException.ThrowIfNull(gallery);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{contentHash}|{referenceId}|{gallery.ModelId}|{gallery.Sequence}|{profileId}")));
    }
}

/// <summary>
/// Keeps screenings, their matches and the hits that follow from them. A hit is one listing or capture with one reference. Found again, it takes the newer
/// match while nobody has decided it. What was decided stays with the match on which it was decided; a rejection opens again, with the reason, where
/// another picture or another relation matches. A right that has expired gives no new hit. Safe for concurrent use.
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
            HashSet<long> expired = await ExpiredAsync(db, screening, cancellationToken);
            var reopened = new List<(HitRow Hit, string Reason)>();
            foreach (MatchRow match in screening.Matches)
            {
                if (!known.TryGetValue(match.ReferenceId, out HitRow? hit))
                {
                    if (expired.Contains(match.ReferenceId)) continue;
                    hit = new HitRow { ListingId = listingId, CaptureId = subject.CaptureId, ReferenceId = match.ReferenceId, SearchId = subject.SearchId, LookedBackAt = subject.LookedBackAt, FoundAt = clock.GetUtcNow() };
                    db.Hits.Add(hit);
                    Show(hit, match);
                }
                else if (hit.State == HitState.New) Show(hit, match);
                else if (hit.State == HitState.Rejected && Reopening.Reason(hit, match) is { } reason)
                {
                    Reopen(hit, match, reason);
                    hit.LookedBackAt = subject.LookedBackAt;
                    reopened.Add((hit, reason));
                }
            }
            try
            {
                await SaveAsync(db, reopened, cancellationToken);
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

    private void Reopen(HitRow hit, MatchRow match, string reason)
    {
        Show(hit, match);
        (hit.State, hit.DecidedBy, hit.DecidedAt, hit.Note, hit.Reason, hit.SnoozedUntil) = (HitState.New, null, null, null, null, null);
        (hit.ReopenedAt, hit.ReopenedBecause) = (clock.GetUtcNow(), reason);
    }

    /// <summary>Saves in the order of every verb: hits, then their cases, then the log; two writers in another order would wait for each other.</summary>
    private async Task SaveAsync(TouchstoneDb db, List<(HitRow Hit, string Reason)> reopened, CancellationToken cancellationToken)
    {
        if (reopened.Count == 0)
        {
            await db.SaveChangesAsync(cancellationToken);
            return;
        }
        await using IDbContextTransaction transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        foreach ((HitRow hit, string reason) in reopened.Where(r => r.Hit.CaseId is not null).OrderBy(r => r.Hit.CaseId))
        {
            await db.Cases.Where(c => c.Id == hit.CaseId).ExecuteUpdateAsync(c => c.SetProperty(x => x.Version, x => x.Version + 1), cancellationToken);
            db.CaseEvents.Add(new() { CaseId = hit.CaseId!.Value, Kind = CaseEventKind.HitReopened, Actor = Actor, At = clock.GetUtcNow(), Text = $"Hit {hit.Id}: {reason}" });
        }
        await AuditLog.SaveAsync(db, clock, [.. reopened.Select(r => new AuditEntry(Actor, AuditAction.HitReopened, AuditSubject.Hit(r.Hit.Id), $"{HitState.Rejected} → {HitState.New}: {r.Reason}"))], cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>The matched references whose right expired: the match is kept, and gives no new hit.</summary>
    private async Task<HashSet<long>> ExpiredAsync(TouchstoneDb db, ScreeningRow screening, CancellationToken cancellationToken)
    {
        long[] matched = [.. screening.Matches.Select(m => m.ReferenceId)];
        if (matched.Length == 0) return [];
        var dated = await db.References.Where(r => matched.Contains(r.Id) && r.ExpiresOn != null).Select(r => new { r.Id, r.Kind, r.ExpiresOn }).ToListAsync(cancellationToken);
        return [.. dated.Where(r => Rights.Expiry(r.Kind, r.ExpiresOn, clock.Today()) is not null).Select(r => r.Id)];
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
