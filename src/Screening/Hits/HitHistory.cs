using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Hits;

/// <summary>What was seen of a listing at one time, and what it showed of a hit's reference then.</summary>
/// <param name="Number">Of the listing's observations, from 1.</param>
/// <param name="Pictures">Pictures that were received.</param>
/// <param name="Shown">The hit's match was made on it: what was decided, or is to be decided.</param>
/// <param name="Relation">The relation of the newest match with the reference; null: it was not found.</param>
/// <param name="Probability">0..1, of that match.</param>
public sealed record SeenObservation(
    long Id, int Number, DateTimeOffset FirstSeenAt, DateTimeOffset LastSeenAt, string? Name, decimal? Price, string? Currency, int Pictures, bool Shown, Relation? Relation, double? Probability);

/// <summary>What a person said of a hit.</summary>
/// <param name="OfShown">It was said of the match that the hit shows; false: of an earlier one.</param>
/// <param name="Reason">Why it was rejected; null: not said.</param>
public sealed record PastDecision(long Id, DateTimeOffset At, string By, HitState State, string? Note, bool OfShown, RejectReason? Reason);

/// <summary>A hit over time: the listing's observations and the decisions, the newest first.</summary>
public sealed record HitHistory(IReadOnlyList<SeenObservation> Observations, IReadOnlyList<PastDecision> Decisions)
{
    /// <summary>Most observations that are read, the newest ones.</summary>
    public const int MostObservations = 50;

    /// <summary>Whether the listing was seen with other content after what the hit shows.</summary>
    public bool ChangedSince => Observations.Any(o => o.Shown) && !Observations[0].Shown;

    public static async Task<HitHistory> ReadAsync(TouchstoneDb db, HitRow hit, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(hit);
        PastDecision[] decisions = [.. (await db.HitDecisions.AsNoTracking().Where(d => d.HitId == hit.Id).OrderByDescending(d => d.Id).Take(MostObservations).ToListAsync(cancellationToken))
            .Select(d => new PastDecision(d.Id, d.DecidedAt, d.DecidedBy, d.State, d.Note, d.MatchId == hit.MatchId, d.Reason))];
        if (hit.ListingId is not { } listingId) return new HitHistory([], decisions);
        long? shown = await db.Matches.Where(m => m.Id == hit.MatchId).Select(m => m.Screening!.ObservationId).FirstOrDefaultAsync(cancellationToken);
        // What the hit shows is told also where the listing changed very often since.
        var observations = await db.Observations.AsNoTracking().Where(o => o.ListingId == listingId).OrderByDescending(o => o.Id == shown).ThenByDescending(o => o.Number).Take(MostObservations)
            .Select(o => new { o.Id, o.Number, o.FirstSeenAt, o.LastSeenAt, o.Name, o.Price, o.Currency, Pictures = o.Images.Count(i => i.ImageSha256 != null) }).ToListAsync(cancellationToken);
        long[] ids = [.. observations.Select(o => o.Id)];
        var matches = (await db.Matches.AsNoTracking().Where(m => m.ReferenceId == hit.ReferenceId && m.Screening!.ObservationId != null && ids.Contains(m.Screening.ObservationId.Value))
            .Select(m => new { m.Id, Observation = m.Screening!.ObservationId!.Value, m.Relation, m.Probability }).ToListAsync(cancellationToken))
            .GroupBy(m => m.Observation).ToDictionary(g => g.Key, g => g.MaxBy(m => m.Id)!);
        return new HitHistory(
            [.. observations.OrderByDescending(o => o.Number).Select(o => new SeenObservation(
                o.Id, o.Number, o.FirstSeenAt, o.LastSeenAt, o.Name, o.Price, o.Currency, o.Pictures, o.Id == shown, matches.GetValueOrDefault(o.Id)?.Relation, matches.GetValueOrDefault(o.Id)?.Probability))],
            decisions);
    }
}
