using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Touchstone.Crawling.Frontier;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Watches;

/// <summary>
/// A marketplace's listing as the gate was told of it, in the form in which what is seen is compared. It becomes a listing of its own only where it is a return: at the address that was named where that is on a host of the marketplace
/// that runs the installation, whose word alone says what is there; else at one of the scheme <c>gate</c>, which nobody fetches.
/// </summary>
internal static class GateListing
{
    private const string Scheme = "gate";

    // What is longer goes by its hash: a listing's address has a unique index, whose entries PostgreSQL limits to 2.7 kB.
    private const int LongestNumber = 500, LongestAccount = 60;

    // Of the account's hash, in the host: names that differ in what no host holds are several accounts.
    private const int HashDigits = 12;

    private static readonly char[] Comma = [','];

    /// <summary>What was seen, with the listing as far as it is known; nothing is kept.</summary>
    public static async Task<ObservationRow> ReadAsync(TouchstoneDb db, GateSightingRow sighting, CancellationToken cancellationToken)
    {
        (string url, string host) = AddressOf(sighting, await OwnHosts.ReadAsync(db, cancellationToken));
        ListingRow? known = await db.Listings.AsNoTracking().Include(l => l.Shop).FirstOrDefaultAsync(l => l.Url == url, cancellationToken);
        ShopRow? shop = known?.Shop ?? await db.Shops.AsNoTracking().FirstOrDefaultAsync(s => s.Host == host, cancellationToken);
        ListingRow listing = known ?? new ListingRow { ShopId = shop?.Id ?? 0, Shop = shop ?? new ShopRow { Host = host, FirstSeenAt = sighting.SeenAt }, Url = url, Name = sighting.Title, FirstSeenAt = sighting.SeenAt, LastSeenAt = sighting.SeenAt };
        return ObservationOf(sighting, listing, listing.Id, 1);
    }

    /// <summary>Adds listing and observation, or moves the date of what is there, never back; in the caller's transaction.</summary>
    /// <param name="at">The listing as <see cref="ReadAsync"/> gave it.</param>
    public static async Task<ObservationRow> KeepAsync(TouchstoneDb db, GateSightingRow sighting, ListingRow at, CancellationToken cancellationToken)
    {
        (string url, string host) = (at.Url, at.Shop!.Host);
        ListingRow? listing = await db.Listings.FirstOrDefaultAsync(l => l.Url == url, cancellationToken);
        if (listing is null)
        {
            ShopRow shop = await db.Shops.FirstOrDefaultAsync(s => s.Host == host, cancellationToken) ?? new ShopRow { Host = host, FirstSeenAt = sighting.SeenAt };
            listing = new ListingRow { Shop = shop, Url = url, FirstSeenAt = sighting.SeenAt };
        }
        string content = ContentOf(sighting);
        ObservationRow? latest = listing.Id == 0 ? null : await db.Observations.Where(o => o.ListingId == listing.Id).OrderByDescending(o => o.Number).FirstOrDefaultAsync(cancellationToken);
        ObservationRow seen = latest?.ContentHash == content ? latest : ObservationOf(sighting, listing, listing.Id, (latest?.Number ?? 0) + 1);
        if (seen.Id == 0)
        {
            db.Observations.Add(seen);
            listing.Name = seen.Name;
        }
        listing.LastSeenAt = Later(listing.LastSeenAt, sighting.SeenAt);
        seen.LastSeenAt = Later(seen.LastSeenAt, sighting.SeenAt);
        await db.SaveChangesAsync(cancellationToken);
        return seen;
    }

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;

    private static ObservationRow ObservationOf(GateSightingRow sighting, ListingRow listing, long listingId, int number)
    {
        var seen = new ObservationRow
        {
            Listing = listing, ListingId = listingId, Number = number, Name = sighting.Title, Description = sighting.Description, Brand = sighting.Brand, Mpn = sighting.Mpn, Gtin = sighting.Gtin,
            ContentHash = ContentOf(sighting), FirstSeenAt = sighting.SeenAt, LastSeenAt = sighting.SeenAt,
        };
        foreach ((int i, string sha256) in sighting.Pictures.Split(Comma, StringSplitOptions.RemoveEmptyEntries).Index())
            // At the listing's address is its page; what was sent to the gate has none.
            seen.Images.Add(new ObservationImageRow { Position = i, Url = $"urn:{Scheme}:{sha256}", ImageSha256 = sha256, FetchedAt = sighting.SeenAt });
        return seen;
    }

    private static (string Url, string Host) AddressOf(GateSightingRow sighting, OwnHosts own)
    {
        if (own.AreAll && CanonicalUrl.TryCreate(sighting.Url ?? "") is { Text.Length: <= StoredText.LongestUrl } named && own.Allow(named.Host)) return (named.Text, named.Host);
        // An account's name may hold what no host does.
        string account = string.Concat(sighting.Actor.ToLowerInvariant().Take(LongestAccount).Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-')).Trim('-');
        string host = $"{(account.Length == 0 ? "account" : account)}-{HashOf(sighting.Actor)[..HashDigits]}";
        string number = Uri.EscapeDataString(string.IsNullOrEmpty(sighting.Number) ? ContentOf(sighting) : sighting.Number);
        return ($"{Scheme}://{host}/{(number.Length > LongestNumber ? HashOf(number) : number)}", host);
    }

    private static string ContentOf(GateSightingRow s) => HashOf(string.Join('\n', s.Title, s.Description, s.Brand, s.Mpn, s.Gtin, s.Pictures));

    private static string HashOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
