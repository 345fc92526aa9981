using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Sellers;

/// <summary>What joins two of a cluster.</summary>
public enum JoinKind { Picture, Email, Phone, Vat, ResponsiblePerson }

/// <summary>Something that several shops or sellers show. <c>Value</c>: as it is compared; of a picture its SHA-256.</summary>
/// <param name="Shops">How many shops show it.</param>
public sealed record SharedTrait(JoinKind Kind, string Value, int Shops);

/// <summary>A shop, or a seller within it, that is joined with where one began.</summary>
/// <param name="Steps">1: it shares something with where one began; more: with one that does.</param>
/// <param name="ByHost">The shop that it shares something with, one step nearer.</param>
/// <param name="Traits">What both show.</param>
public sealed record JoinedSeller(long ShopId, string Host, long? SellerId, string? Seller, int Steps, long ByShopId, string ByHost, IReadOnlyList<SharedTrait> Traits);

/// <summary>Shops and sellers that are joined by what they show, as far as it was followed.</summary>
/// <param name="TooCommon">What more shops show than a person stands behind: it joins nothing.</param>
/// <param name="IsCut">There are more than are told.</param>
public sealed record SellerCluster(IReadOnlyList<JoinedSeller> Members, IReadOnlyList<SharedTrait> TooCommon, bool IsCut);

/// <summary>
/// Follows what shops and sellers have in common: pictures of hits, mail, telephone, numbers for value added tax, the person responsible. A cluster is bounded in steps and in members; what more than a few shops show (a stock
/// photo, a platform's own number) joins nothing, and neither does what a marketplace states on the pages of several of its sellers. What a person said not to be the same is not joined.
/// </summary>
public static class SellerClusters
{
    /// <summary>Shown by more shops, a trait joins nothing.</summary>
    public const int MostShops = 8;

    /// <summary>Stated for more sellers of one shop, a trait is the shop's own.</summary>
    public const int MostSellers = 3;

    private const int MostSteps = 3, MostMembers = 50, MostTraits = 400, MostPictures = 100, MostRows = 2_000;

    public static async Task<SellerCluster> OfAsync(TouchstoneDb db, long shopId, long? sellerId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(db);
        var known = new HashSet<Node>();
        var members = new List<JoinedSeller>();
        var common = new Dictionary<(JoinKind, string), int>();
        List<Node> edge = [new Node(shopId, sellerId)];
        known.UnionWith(edge);
        bool cut = false;
        for (int step = 1; step <= MostSteps && edge.Count > 0 && !cut; step++)
        {
            List<Shown> own = await ShownByAsync(db, edge, step == 1 && sellerId is null, cancellationToken);
            List<Shown> others = await WhoShowsAsync(db, own, common, cancellationToken);
            HashSet<(long, long)> apart = await ApartAsync(db, [.. own.Select(o => o.By.ShopId).Distinct()], cancellationToken);
            ILookup<(JoinKind Kind, string Value), Node> owners = own.ToLookup(o => (o.Kind, o.Value), o => o.By);
            var found = others.SelectMany(o => owners[(o.Kind, o.Value)].Select(by => (o.By, From: by, o.Kind, o.Value, o.Shops)))
                .Where(x => !known.Contains(x.By) && x.By != x.From && !IsWithin(x.By, x.From) && (sellerId is not null || x.By.ShopId != shopId) && !apart.Contains((x.By.ShopId, x.From.ShopId))).GroupBy(x => x.By).OrderByDescending(g => g.Select(x => x.Value).Distinct().Count()).ThenBy(g => g.Key.ShopId).ThenBy(g => g.Key.SellerId);
            edge = [];
            foreach (var group in found)
            {
                if (members.Count == MostMembers)
                {
                    cut = true;
                    break;
                }
                Node from = group.GroupBy(x => x.From).OrderByDescending(g => g.Count()).First().Key;
                members.Add(new JoinedSeller(group.Key.ShopId, "", group.Key.SellerId, null, step, from.ShopId, "", [.. group.Where(x => x.From == from).Select(x => new SharedTrait(x.Kind, x.Value, x.Shops)).Distinct().OrderBy(t => t.Kind).ThenBy(t => t.Value, StringComparer.Ordinal)]));
                known.Add(group.Key);
                edge.Add(group.Key);
            }
        }
        return new SellerCluster(await NamedAsync(db, members, cancellationToken), [.. common.OrderByDescending(c => c.Value).ThenBy(c => c.Key.Item2, StringComparer.Ordinal).Take(20).Select(c => new SharedTrait(c.Key.Item1, c.Key.Item2, c.Value))], cut);
    }

    /// <summary>Whether one is the shop that the other sells in.</summary>
    private static bool IsWithin(Node one, Node other) => one.ShopId == other.ShopId && (one.SellerId is null || other.SellerId is null);

    private static JoinKind KindOf(TraitKind kind) => Enum.Parse<JoinKind>(kind.ToString());

    /// <summary>What these show: their traits, and the pictures of their hits.</summary>
    /// <param name="whole">Of a shop the traits of all its sellers are its own.</param>
    private static async Task<List<Shown>> ShownByAsync(TouchstoneDb db, List<Node> nodes, bool whole, CancellationToken cancellationToken)
    {
        long[] shops = [.. nodes.Select(n => n.ShopId).Distinct()];
        HashSet<Node> wanted = [.. nodes];
        var traits = await db.Traits.Where(t => EF.Parameter(shops).Contains(t.ShopId)).OrderByDescending(t => t.LastSeenAt).Take(MostRows).Select(t => new { t.ShopId, t.SellerId, t.Kind, t.Value }).ToListAsync(cancellationToken);
        // A marketplace's own, on the pages of its sellers.
        HashSet<(long, TraitKind, string)> platform = [.. traits.Where(t => t.SellerId is not null).GroupBy(t => (t.ShopId, t.Kind, t.Value)).Where(g => g.Select(t => t.SellerId).Distinct().Count() > MostSellers).Select(g => g.Key)];
        List<Shown> shown = [.. traits.Where(t => !platform.Contains((t.ShopId, t.Kind, t.Value))).Select(t => new Shown(new Node(t.ShopId, whole ? null : t.SellerId), KindOf(t.Kind), t.Value, 0)).Where(s => wanted.Contains(s.By)).Distinct().Take(MostTraits)];
        var pictures = await db.Hits.Where(h => h.State != HitState.Rejected && h.Match!.ImageSha256 != null && h.ListingId != null && EF.Parameter(shops).Contains(h.Listing!.ShopId)).OrderByDescending(h => h.Id).Take(MostPictures)
            .Select(h => new { h.Listing!.ShopId, h.Listing.SellerId, h.Match!.ImageSha256 }).ToListAsync(cancellationToken);
        shown.AddRange(pictures.Select(p => new Shown(new Node(p.ShopId, whole ? null : p.SellerId), JoinKind.Picture, p.ImageSha256!, 0)).Where(s => wanted.Contains(s.By)).Distinct());
        return shown;
    }

    /// <summary>Who else shows these, without what too many do.</summary>
    private static async Task<List<Shown>> WhoShowsAsync(TouchstoneDb db, List<Shown> own, Dictionary<(JoinKind, string), int> common, CancellationToken cancellationToken)
    {
        string[] values = [.. own.Where(o => o.Kind != JoinKind.Picture).Select(o => o.Value).Distinct(StringComparer.Ordinal)], pictures = [.. own.Where(o => o.Kind == JoinKind.Picture).Select(o => o.Value).Distinct(StringComparer.Ordinal)];
        HashSet<(JoinKind, string)> asked = [.. own.Select(o => (o.Kind, o.Value))];
        var stated = await db.Traits.Where(t => EF.Parameter(values).Contains(t.Value)).Select(t => new { t.ShopId, t.SellerId, t.Kind, t.Value }).Distinct().Take(MostRows).ToListAsync(cancellationToken);
        var seen = await db.ObservationImages.Where(i => EF.Parameter(pictures).Contains(i.ImageSha256!)).Select(i => new { i.Observation!.Listing!.ShopId, i.Observation.Listing.SellerId, i.ImageSha256 }).Distinct().Take(MostRows).ToListAsync(cancellationToken);
        var all = stated.Select(t => (By: new Node(t.ShopId, t.SellerId), Kind: KindOf(t.Kind), t.Value)).Concat(seen.Select(s => (By: new Node(s.ShopId, s.SellerId), Kind: JoinKind.Picture, Value: s.ImageSha256!))).Where(x => asked.Contains((x.Kind, x.Value)));
        var shown = new List<Shown>();
        foreach (var group in all.GroupBy(x => (x.Kind, x.Value)))
        {
            int shops = group.Select(x => x.By.ShopId).Distinct().Count();
            if (shops > MostShops) common[group.Key] = shops;
            else foreach (var shop in group.GroupBy(x => x.By.ShopId))
                shown.AddRange(shop.Select(x => x.By).Distinct().Count() > MostSellers ? [new Shown(new Node(shop.Key, null), group.Key.Kind, group.Key.Value, shops)] : shop.Select(x => new Shown(x.By, x.Kind, x.Value, shops)).Distinct());
        }
        return shown;
    }

    private static async Task<HashSet<(long, long)>> ApartAsync(TouchstoneDb db, long[] shops, CancellationToken cancellationToken)
    {
        List<NotSameShopRow> rows = await db.NotSameShops.AsNoTracking().Where(n => EF.Parameter(shops).Contains(n.ShopId) || EF.Parameter(shops).Contains(n.OtherShopId)).Take(MostRows).ToListAsync(cancellationToken);
        return [.. rows.SelectMany(r => new[] { (r.ShopId, r.OtherShopId), (r.OtherShopId, r.ShopId) })];
    }

    private static async Task<IReadOnlyList<JoinedSeller>> NamedAsync(TouchstoneDb db, List<JoinedSeller> members, CancellationToken cancellationToken)
    {
        long[] shops = [.. members.SelectMany(m => new[] { m.ShopId, m.ByShopId }).Distinct()], sellers = [.. members.Select(m => m.SellerId).OfType<long>()];
        Dictionary<long, string> hosts = await db.Shops.Where(s => EF.Parameter(shops).Contains(s.Id)).ToDictionaryAsync(s => s.Id, s => s.Host, cancellationToken);
        Dictionary<long, string> names = await db.Sellers.Where(s => EF.Parameter(sellers).Contains(s.Id)).ToDictionaryAsync(s => s.Id, s => s.Name, cancellationToken);
        return [.. members.Select(m => m with { Host = hosts.GetValueOrDefault(m.ShopId, ""), ByHost = hosts.GetValueOrDefault(m.ByShopId, ""), Seller = m.SellerId is { } id ? names.GetValueOrDefault(id) : null })];
    }

    private sealed record Node(long ShopId, long? SellerId);

    private sealed record Shown(Node By, JoinKind Kind, string Value, int Shops);
}
