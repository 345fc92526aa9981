using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Touchstone.Recognition.Scoring;
using Touchstone.Screening.Screenings;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Listings;

/// <summary>What was screened: a listing in a run of a search, or a capture.</summary>
public sealed record ScreeningSubject(long? ListingId, long? CaptureId, long? SearchId, long? RunId, string InputHash);

/// <summary>
/// Keeps screenings, their matches and the hits that follow from them. A hit is one listing or capture with one reference: found again,
/// it takes the newer match, and a decision that a person made stays. Safe for concurrent use.
/// </summary>
public sealed class HitStore(IDbContextFactory<TouchstoneDb> databases, TimeProvider clock)
{
    private const int MostAttempts = 5;

    /// <summary>Stores the outcome and the hits that it gives; returns the screening with its matches.</summary>
    public async Task<ScreeningRow> SaveAsync(ScreeningSubject subject, ScreeningOutcome outcome, CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
            ScreeningRow screening = RowOf(subject, outcome);
            db.Screenings.Add(screening);
            List<HitRow> known = await db.Hits
                .Where(h => (subject.ListingId != null && h.ListingId == subject.ListingId) || (subject.CaptureId != null && h.CaptureId == subject.CaptureId))
                .ToListAsync(cancellationToken);
            foreach (MatchRow match in screening.Matches) Upsert(db, known, subject, match);
            try
            {
                await db.SaveChangesAsync(cancellationToken);
                return screening;
            }
            catch (DbUpdateException) when (attempt < MostAttempts)
            {
                // Another worker found the same hit first; the next turn finds its row.
            }
        }
    }

    /// <summary>Whether the listing was already screened with exactly this input.</summary>
    public async Task<bool> IsScreenedAsync(long listingId, string inputHash, CancellationToken cancellationToken)
    {
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Screenings.AnyAsync(s => s.ListingId == listingId && s.InputHash == inputHash && s.Verdict != Verdict.Undetermined, cancellationToken);
    }

    private ScreeningRow RowOf(ScreeningSubject subject, ScreeningOutcome outcome)
    {
        var screening = new ScreeningRow
        {
            ListingId = subject.ListingId,
            CaptureId = subject.CaptureId,
            RunId = subject.RunId,
            Verdict = outcome.Verdict,
            Reason = outcome.Reason,
            Detail = outcome.Detail,
            ModelId = outcome.ModelId,
            ProfileId = outcome.ProfileId,
            IndexGeneration = outcome.IndexGeneration,
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

    private void Upsert(TouchstoneDb db, List<HitRow> known, ScreeningSubject subject, MatchRow match)
    {
        HitRow? hit = known.FirstOrDefault(h => h.ReferenceId == match.ReferenceId);
        if (hit is null)
        {
            hit = new HitRow { ListingId = subject.ListingId, CaptureId = subject.CaptureId, ReferenceId = match.ReferenceId, SearchId = subject.SearchId, FoundAt = clock.GetUtcNow() };
            db.Hits.Add(hit);
        }
        hit.Match = match;
        hit.Relation = match.Relation;
        hit.Probability = match.Probability;
        hit.Verdict = match.Verdict;
    }
}
