using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Server.Queries;

/// <summary>What hits are put together by.</summary>
public enum HitGrouping
{
    /// <summary>The reference that they match.</summary>
    Product,

    /// <summary>The seller that the offer names.</summary>
    Seller,

    /// <summary>The shop's host.</summary>
    Shop,
}

/// <summary>Hits that have something in common.</summary>
/// <param name="Key">What to narrow a list of hits by: the reference's id, the seller or the host.</param>
/// <param name="Name">For people.</param>
/// <param name="Best">The highest probability among them, 0..1.</param>
/// <param name="Pictures">SHA-256 of the offers' pictures, at most four.</param>
public sealed record HitGroup(string Key, string Name, int Hits, int Undecided, double Best, IReadOnlyList<string> Pictures);

/// <summary>Hits put together, the largest groups first.</summary>
internal static class HitGroups
{
    /// <summary>The most groups that are read.</summary>
    public const int Most = 100;

    private const int MostPictures = 4;

    public static async Task<IReadOnlyList<HitGroup>> ReadAsync(TouchstoneDb db, HitFilter filter, HitGrouping by, DateTimeOffset now, CancellationToken cancellationToken)
    {
        IQueryable<HitRow> hits = HitQueries.Where(db, filter, now);
        List<Counted> counted = by switch
        {
            HitGrouping.Seller => await hits.Where(x => x.Match!.Screening!.Observation!.Seller != null && x.Match.Screening.Observation.Seller != "").GroupBy(x => x.Match!.Screening!.Observation!.Seller!)
                .OrderByDescending(x => x.Count()).ThenBy(x => x.Key).Take(Most).Select(x => new Counted(x.Key, null, x.Count(), x.Count(h => h.State == HitState.New), x.Max(h => h.Probability))).ToListAsync(cancellationToken),
            HitGrouping.Shop => await hits.Where(x => x.Listing != null).GroupBy(x => x.Listing!.Shop!.Host)
                .OrderByDescending(x => x.Count()).ThenBy(x => x.Key).Take(Most).Select(x => new Counted(x.Key, null, x.Count(), x.Count(h => h.State == HitState.New), x.Max(h => h.Probability))).ToListAsync(cancellationToken),
            _ => await hits.GroupBy(x => x.ReferenceId)
                .OrderByDescending(x => x.Count()).ThenBy(x => x.Key).Take(Most).Select(x => new Counted(null, x.Key, x.Count(), x.Count(h => h.State == HitState.New), x.Max(h => h.Probability))).ToListAsync(cancellationToken),
        };
        long[] ids = [.. counted.Select(x => x.Number).OfType<long>()];
        Dictionary<long, string> titles = await db.References.Where(x => ids.Contains(x.Id)).Select(x => new { x.Id, x.Title }).ToDictionaryAsync(x => x.Id, x => x.Title, cancellationToken);
        var groups = new List<HitGroup>(counted.Count);
        foreach (Counted group in counted)
        {
            HitFilter narrowed = by switch
            {
                HitGrouping.Seller => filter with { Seller = group.Text },
                HitGrouping.Shop => filter with { Shop = group.Text },
                _ => filter with { ReferenceId = group.Number },
            };
            List<string> pictures = await HitQueries.After(HitQueries.Where(db, narrowed, now), HitOrder.Probability, null).Where(x => x.Match!.ImageSha256 != null).Select(x => x.Match!.ImageSha256!).Take(MostPictures).ToListAsync(cancellationToken);
            string key = group.Text ?? group.Number!.Value.ToString(CultureInfo.InvariantCulture);
            groups.Add(new HitGroup(key, group.Number is { } id ? titles[id] : key, group.Hits, group.Undecided, group.Best, pictures));
        }
        return groups;
    }

    private sealed record Counted(string? Text, long? Number, int Hits, int Undecided, double Best);
}
