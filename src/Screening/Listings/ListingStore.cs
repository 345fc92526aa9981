using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Touchstone.Crawling.Extraction;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Listings;

/// <summary>Keeps what shops offer: one row for each URL, changed when the offer's facts change. Safe for concurrent use.</summary>
public sealed class ListingStore(IDbContextFactory<TouchstoneDb> databases, TimeProvider clock)
{
    private const int MostAttempts = 5;

    /// <summary>SHA-256 over every fact: equal means that the offer did not change.</summary>
    public static string HashOf(ListingFacts facts) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(facts))));

    /// <summary>Stores the facts and returns the listing with its pictures; those whose URL stayed keep what was fetched.</summary>
    public async Task<ListingRow> SaveAsync(ListingFacts facts, CancellationToken cancellationToken)
    {
        DateTimeOffset now = clock.GetUtcNow();
        long shopId = await ShopAsync(HostOf(facts.Url), now, cancellationToken);
        string hash = HashOf(facts);
        for (int attempt = 1; ; attempt++)
        {
            await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
            ListingRow? row = await db.Listings.Include(l => l.Images).FirstOrDefaultAsync(l => l.Url == facts.Url, cancellationToken);
            if (row is null)
            {
                row = new ListingRow { Url = facts.Url, ContentHash = "", ShopId = shopId, FirstSeenAt = now };
                db.Listings.Add(row);
            }
            row.LastSeenAt = now;
            if (row.ContentHash != hash)
            {
                Fill(row, facts);
                row.ContentHash = hash;
                SetImages(db, row, facts.Images);
            }
            try
            {
                await db.SaveChangesAsync(cancellationToken);
                return row;
            }
            catch (DbUpdateException) when (attempt < MostAttempts)
            {
                // Another worker saw the listing first, or took out the same picture; the next turn finds its row.
            }
        }
    }

    /// <summary>Records what fetching a listing's pictures gave.</summary>
    public async Task SaveImagesAsync(IEnumerable<ListingImageRow> images, CancellationToken cancellationToken)
    {
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        foreach (ListingImageRow image in images)
        {
            await db.ListingImages.Where(i => i.Id == image.Id).ExecuteUpdateAsync(
                s => s.SetProperty(i => i.ImageSha256, image.ImageSha256)
                    .SetProperty(i => i.Failure, image.Failure)
                    .SetProperty(i => i.FetchedAt, image.FetchedAt),
                cancellationToken);
        }
    }

    /// <summary>Lower case, with the port if it is not the scheme's default.</summary>
    public static string HostOf(string url) => new Uri(url).Authority.ToLowerInvariant();

    private async Task<long> ShopAsync(string host, DateTimeOffset now, CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
            ShopRow? shop = await db.Shops.FirstOrDefaultAsync(s => s.Host == host, cancellationToken);
            if (shop is null)
            {
                shop = new ShopRow { Host = host, FirstSeenAt = now };
                db.Shops.Add(shop);
            }
            shop.LastCrawledAt = now;
            try
            {
                await db.SaveChangesAsync(cancellationToken);
                return shop.Id;
            }
            catch (DbUpdateException) when (attempt < MostAttempts)
            {
                // Another worker saw the shop first; the next turn finds its row.
            }
        }
    }

    private static void Fill(ListingRow row, ListingFacts facts)
    {
        row.Name = Kept(facts.Name);
        row.Price = facts.Price;
        row.Currency = facts.Currency;
        row.Availability = facts.Availability;
        row.Sku = Kept(facts.Sku);
        row.Mpn = Kept(facts.Mpn);
        row.Gtin = facts.Gtin;
        row.Brand = Kept(facts.Brand);
        row.Seller = Kept(facts.Seller);
        row.Description = Kept(facts.Description);
        row.Language = Kept(facts.Language);
        row.Breadcrumbs = facts.Breadcrumbs.Count == 0 ? null : Kept(string.Join('\n', facts.Breadcrumbs));
        row.Sources = facts.Sources.Count == 0 ? null : string.Join('\n', facts.Sources);
    }

    // PostgreSQL keeps no NUL in a text; a page's JSON may hold one.
    private static string? Kept(string? text) => text?.Replace("\0", "", StringComparison.Ordinal);

    private static void SetImages(TouchstoneDb db, ListingRow row, IReadOnlyList<string> urls)
    {
        Dictionary<string, ListingImageRow> known = row.Images.ToDictionary(i => i.Url, StringComparer.Ordinal);
        for (int position = 0; position < urls.Count; position++)
        {
            if (known.Remove(urls[position], out ListingImageRow? image)) image.Position = position;
            else row.Images.Add(new ListingImageRow { Url = urls[position], Position = position });
        }
        db.ListingImages.RemoveRange(known.Values);
    }
}
