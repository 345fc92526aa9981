using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Touchstone.Recognition.Calibration;
using Touchstone.Recognition.Scoring;
using Touchstone.Screening.Audit;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Watches;

/// <summary>
/// Keeps what came back, in one transaction: the return, the hit that it gives, what the old case is told, and that the comparison is done. A closed case stays closed. Safe for concurrent use.
/// </summary>
internal sealed class ReturnStore(IDbContextFactory<TouchstoneDb> databases, TimeProvider clock)
{
    /// <summary>How the audit log and a case's history name the program where nobody acted.</summary>
    private const string Actor = "touchstone";

    private const int MostAttempts = 5;

    /// <summary>Returns how many returns are new; null: the lease was lost, and nothing is kept.</summary>
    /// <param name="seen">What was compared.</param>
    /// <param name="atGate">The gate's sighting that it is, which becomes a listing where it is a return; null: a search saw it.</param>
    public async Task<int?> SaveAsync(WatchLease lease, ObservationRow seen, GateSightingRow? atGate, IReadOnlyList<FoundReturn> found, CalibrationProfile profile, CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
            try
            {
                using WriteTurn turn = await WriteTurn.EnterAsync(db, cancellationToken);
                await using IDbContextTransaction transaction = await db.Database.BeginTransactionAsync(cancellationToken);
                if (!await WatchQueue.EndAsync(db, lease, cancellationToken)) return null;
                ObservationRow observation = atGate is null || found.Count == 0 ? seen : await GateListing.KeepAsync(db, atGate, seen.Listing!, cancellationToken);
                var context = new VerbContext(db, Actor, clock);
                var entries = new List<AuditEntry>();
                foreach (FoundReturn one in found.OrderBy(f => f.Watch.Id))
                    if (await KeepAsync(context, observation, atGate?.Actor, one, profile, cancellationToken) is { } entry) entries.Add(entry);
                await AuditLog.SaveAsync(db, clock, entries, cancellationToken);
                await transaction.CommitAsync(cancellationToken);
                return entries.Count;
            }
            catch (DbUpdateException e) when (attempt < MostAttempts && !DatabaseAway.Explains(e))
            {
                // A search found the same hit first, or somebody decided it just now; the next turn finds its row.
            }
        }
    }

    private async Task<AuditEntry?> KeepAsync(VerbContext context, ObservationRow observation, string? toldBy, FoundReturn found, CalibrationProfile profile, CancellationToken cancellationToken)
    {
        TouchstoneDb db = context.Db;
        WatchRow watch = found.Watch;
        bool isOffer = found.Sign == ReturnSign.SameOffer;
        // Another watch of the same reference tells nothing new of the listing, also where a person said that it is no return.
        if (await db.Returns.AnyAsync(r => r.ListingId == observation.ListingId && (r.WatchId == watch.Id || (!isOffer && r.Watch!.ReferenceId == watch.ReferenceId)), cancellationToken)) return null;
        HitRow? hit = await db.Hits.FirstOrDefaultAsync(h => h.ListingId == observation.ListingId && h.ReferenceId == watch.ReferenceId, cancellationToken);
        // A person has said that it is not the reference.
        if (hit is { State: HitState.Rejected }) return null;
        DateTimeOffset now = clock.GetUtcNow();
        // The offer itself came back when it was seen last; another when it was first seen.
        DateTimeOffset at = isOffer ? observation.LastSeenAt : observation.Listing!.FirstSeenAt;
        int days = Math.Max(0, (int)(at - watch.RemovedAt).TotalDays);
        hit ??= NewHit(db, observation, found, profile, now, days);
        var row = new ReturnRow
        {
            WatchId = watch.Id, ListingId = observation.ListingId, ObservationId = observation.Id, Hit = hit, Sign = found.Sign, Probability = found.Probability,
            ImageSha256 = found.Match?.ImageSha256, WatchImageSha256 = found.Match?.ReferenceImageSha256, ReturnedAt = at, Days = days,
        };
        db.Returns.Add(row);
        await db.SaveChangesAsync(cancellationToken);
        string told = string.Create(CultureInfo.InvariantCulture, $"Hit {watch.HitId}: returned after {days} days ({SayOf(found.Sign)}){(toldBy is null ? "" : $", as {toldBy} told the gate")}: {observation.Listing!.Url}");
        await CaseEvents.TellAsync(context, watch.HitId, CaseEvents.Returned, told, cancellationToken);
        return new AuditEntry(Actor, AuditAction.WatchReturned, AuditSubject.Hit(watch.HitId), told);
    }

    /// <summary>A hit of a screening of its own, which says what was compared; null where no probability can be told.</summary>
    private static HitRow? NewHit(TouchstoneDb db, ObservationRow observation, FoundReturn found, CalibrationProfile profile, DateTimeOffset now, int days)
    {
        if (found.Probability is not { } probability) return null;
        FoundMatch? shown = found.Match;
        Verdict verdict = shown?.Verdict ?? Verdict.Review;
        MatchSignals signals = shown?.Signals ?? new MatchSignals();
        string sentence = string.Create(CultureInfo.InvariantCulture, $"It is like an offer that was removed {days} days before ({SayOf(found.Sign)}).");
        var match = new MatchRow
        {
            ReferenceId = found.Watch.ReferenceId,
            ImageSha256 = shown?.ImageSha256,
            Relation = shown?.Relation ?? Relation.SameIdentifier,
            Probability = probability,
            Verdict = verdict,
            Signals = JsonSerializer.Serialize(signals with { For = [sentence, .. signals.For], ReferenceRegion = [] }, JsonSerializerOptions.Web),
        };
        db.Screenings.Add(new ScreeningRow
        {
            ObservationId = observation.Id,
            Verdict = verdict,
            ModelId = profile.ModelId,
            ProfileId = profile.Id,
            GalleryFingerprint = new string('0', 16),
            InputHash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"watch|{found.Watch.Id}|{observation.Id}"))),
            ScreenedAt = now,
            Matches = { match },
        });
        var hit = new HitRow { ListingId = observation.ListingId, ReferenceId = match.ReferenceId, Match = match, Relation = match.Relation, Probability = probability, Verdict = verdict, FoundAt = now };
        db.Hits.Add(hit);
        return hit;
    }

    /// <summary>What told a return, in the words of the audit log.</summary>
    internal static string SayOf(ReturnSign sign) => sign switch
    {
        ReturnSign.SameOffer => "the same offer",
        ReturnSign.SameImage => "same image",
        ReturnSign.SameProduct => "same product",
        ReturnSign.SameIdentifier => "same identifier",
        _ => "same seller, nearly the same title",
    };
}
