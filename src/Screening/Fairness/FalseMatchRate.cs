using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Fairness;

/// <summary>How often people rejected what was called a match.</summary>
/// <param name="Of">The category or the register; null: of references that state none.</param>
/// <param name="Decided">Hits that were a match when they were decided, of which the last decision confirms or rejects.</param>
/// <param name="Wrong">Of these the ones that were rejected because they show another thing, an accessory, or too little.</param>
/// <param name="Rate">0..1; null where nothing was decided.</param>
/// <param name="Low">The 95 % interval of the rate (Wilson), 0..1.</param>
/// <param name="High">Its upper end.</param>
public sealed record FalseMatchLine(string? Of, int Decided, int Wrong, double? Rate, double Low, double High);

/// <summary>The rates over a span of time, of all and by category and register, the most decided first.</summary>
/// <param name="IsCut">More was decided than is read; the newest decisions are.</param>
public sealed record FalseMatchReport(DateTimeOffset From, DateTimeOffset Until, FalseMatchLine All, IReadOnlyList<FalseMatchLine> ByCategory, IReadOnlyList<FalseMatchLine> ByRegister, bool IsCut);

/// <summary>
/// The share of decided matches that people rejected as no match, so that a category or a register for which the program is wrong more often is seen. A genuine product or a right holder's own offer that matches is no false match.
/// </summary>
/// <remarks>E. B. Wilson, Probable inference, the law of succession, and statistical inference, 1927.</remarks>
public static class FalseMatchRate
{
    /// <summary>Decisions that are read, the newest.</summary>
    public const int MostDecisions = 50_000;

    private const double Z = 1.959963984540054;

    public static async Task<FalseMatchReport> ReadAsync(TouchstoneDb db, DateTimeOffset from, DateTimeOffset until, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(db);
        // A decision names the match that the person saw: what a later crawl makes of it changes nothing.
        var rows = await db.HitDecisions.AsNoTracking()
            .Where(d => d.DecidedAt >= from && d.DecidedAt < until && d.State != HitState.New && d.Match!.Verdict == Verdict.Match && !db.HitDecisions.Any(later => later.HitId == d.HitId && later.Id > d.Id))
            .OrderByDescending(d => d.Id).Take(MostDecisions)
            .Select(d => new { d.State, d.Reason, d.Match!.Reference!.Category, Register = d.Match.Reference.Register!.Name }).ToListAsync(cancellationToken);
        var judged = rows.Where(r => r.State == HitState.Confirmed || IsWrong(r.Reason) || IsRight(r.Reason)).Select(r => (r.Category, r.Register, Wrong: r.State == HitState.Rejected && IsWrong(r.Reason))).ToList();
        return new FalseMatchReport(
            from, until, LineOf(null, judged.Select(j => j.Wrong)),
            [.. judged.GroupBy(j => string.IsNullOrWhiteSpace(j.Category) ? null : j.Category).Select(g => LineOf(g.Key, g.Select(j => j.Wrong))).OrderByDescending(l => l.Decided).ThenBy(l => l.Of, StringComparer.Ordinal)],
            [.. judged.GroupBy(j => j.Register).Select(g => LineOf(g.Key, g.Select(j => j.Wrong))).OrderByDescending(l => l.Decided).ThenBy(l => l.Of, StringComparer.Ordinal)],
            rows.Count == MostDecisions);
    }

    /// <summary>The 95 % interval of a share by Wilson; 0 to 1 where there is nothing to go by.</summary>
    public static (double Low, double High) Interval(int wrong, int decided)
    {
        if (decided == 0) return (0, 1);
        double share = (double)wrong / decided, n = decided, spread = Z * Math.Sqrt((share * (1 - share) / n) + (Z * Z / (4 * n * n))), middle = share + (Z * Z / (2 * n)), whole = 1 + (Z * Z / n);
        return (wrong == 0 ? 0 : Math.Max(0, (middle - spread) / whole), wrong == decided ? 1 : Math.Min(1, (middle + spread) / whole));
    }

    /// <summary>Rejected because it is not what the reference shows; no reason at all says so, too.</summary>
    private static bool IsWrong(RejectReason? reason) => reason is null or RejectReason.OtherProduct or RejectReason.Accessory or RejectReason.TooUnlike;

    /// <summary>Rejected though it is what the reference shows.</summary>
    private static bool IsRight(RejectReason? reason) => reason is RejectReason.Genuine or RejectReason.OwnListing;

    private static FalseMatchLine LineOf(string? of, IEnumerable<bool> wrong)
    {
        bool[] all = [.. wrong];
        int rejected = all.Count(w => w);
        (double low, double high) = Interval(rejected, all.Length);
        return new FalseMatchLine(of, all.Length, rejected, all.Length == 0 ? null : (double)rejected / all.Length, low, high);
    }
}
