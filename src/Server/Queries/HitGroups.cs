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
        string[] texts = [.. counted.Select(x => x.Text).OfType<string>()];
        ILookup<string, Pictured> pictures = (await Pictures(db, hits.Where(x => x.Match!.ImageSha256 != null), by, ids, texts).ToListAsync(cancellationToken)).ToLookup(x => x.Text ?? NameOf(x.Number), StringComparer.Ordinal);
        return [.. counted.Select(x => new HitGroup(x.Text ?? NameOf(x.Number), x.Number is { } id ? titles[id] : x.Text!, x.Hits, x.Undecided, x.Best, [.. pictures[x.Text ?? NameOf(x.Number)].OrderByDescending(p => p.Probability).ThenBy(p => p.HitId).Select(p => p.Sha256)]))];
    }

    /// <summary>The pictures of the most probable hits of each group, in one query.</summary>
    private static IQueryable<Pictured> Pictures(TouchstoneDb db, IQueryable<HitRow> hits, HitGrouping by, long[] ids, string[] texts) => by switch
    {
        HitGrouping.Seller => from seller in hits.Select(x => x.Match!.Screening!.Observation!.Seller).Where(x => texts.Contains(x)).Distinct()
                              from hit in hits.Where(x => x.Match!.Screening!.Observation!.Seller == seller).OrderByDescending(x => x.Probability).ThenBy(x => x.Id).Take(MostPictures)
                              select new Pictured(seller, null, hit.Match!.ImageSha256!, hit.Probability, hit.Id),
        HitGrouping.Shop => from shop in db.Shops.Where(x => texts.Contains(x.Host))
                            from hit in hits.Where(x => x.Listing!.ShopId == shop.Id).OrderByDescending(x => x.Probability).ThenBy(x => x.Id).Take(MostPictures)
                            select new Pictured(shop.Host, null, hit.Match!.ImageSha256!, hit.Probability, hit.Id),
        _ => from reference in db.References.Where(x => ids.Contains(x.Id))
             from hit in hits.Where(x => x.ReferenceId == reference.Id).OrderByDescending(x => x.Probability).ThenBy(x => x.Id).Take(MostPictures)
             select new Pictured(null, reference.Id, hit.Match!.ImageSha256!, hit.Probability, hit.Id),
    };

    private static string NameOf(long? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "";

    private sealed record Pictured(string? Text, long? Number, string Sha256, double Probability, long HitId);

    private sealed record Counted(string? Text, long? Number, int Hits, int Undecided, double Best);
}
