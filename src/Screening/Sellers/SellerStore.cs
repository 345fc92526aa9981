using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Sellers;

/// <summary>Who offers a listing, noted in the transaction that keeps what was seen. Safe for concurrent use; who notes the same first makes the other try again.</summary>
public static class SellerStore
{
    // When a trait or a seller was last seen is noted no oftener.
    private static readonly TimeSpan Step = TimeSpan.FromHours(1);

    /// <summary>Notes the seller with the listing, and what the page states of both; the caller saves.</summary>
    /// <param name="traits">Of the page; empty where its content did not change.</param>
    public static async Task NoteAsync(TouchstoneDb db, ListingRow listing, string? seller, IReadOnlyList<PageTrait> traits, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(listing);
        ArgumentNullException.ThrowIfNull(traits);
        SellerRow? row = await SellerAsync(db, listing.ShopId, seller, now, cancellationToken);
        listing.Seller = row;
        if (row is null) listing.SellerId = null;
        if (traits.Count == 0) return;
        string[] values = [.. traits.Select(t => t.Value)];
        long? sellerId = row?.Id is > 0 and var id ? id : null;
        List<TraitRow> known = row is { Id: 0 } ? [] : await db.Traits.Where(t => t.ShopId == listing.ShopId && t.SellerId == sellerId && EF.Parameter(values).Contains(t.Value)).ToListAsync(cancellationToken);
        foreach (PageTrait trait in traits)
        {
            TraitRow? found = known.FirstOrDefault(t => t.Kind == trait.Kind && t.Value == trait.Value);
            if (found is null) db.Traits.Add(new TraitRow { ShopId = listing.ShopId, Seller = row, Kind = trait.Kind, Value = trait.Value, Listing = listing, FirstSeenAt = now, LastSeenAt = now });
            else if (found.LastSeenAt < now - Step) found.LastSeenAt = now;
        }
    }

    private static async Task<SellerRow?> SellerAsync(TouchstoneDb db, long shopId, string? name, DateTimeOffset now, CancellationToken cancellationToken)
    {
        string key = SellerName.Folded(name);
        if (key.Length == 0) return null;
        SellerRow? row = await db.Sellers.FirstOrDefaultAsync(s => s.ShopId == shopId && s.Key == key, cancellationToken);
        if (row is null) db.Sellers.Add(row = new SellerRow { ShopId = shopId, Key = key, Name = name!.Replace("\0", "", StringComparison.Ordinal).Trim(), FirstSeenAt = now, LastSeenAt = now });
        else if (row.LastSeenAt < now - Step) row.LastSeenAt = now;
        return row;
    }
}
