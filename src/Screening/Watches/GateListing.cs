using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Watches;

/// <summary>
/// A marketplace's listing as the gate was told of it, in the form in which what is seen is compared. It becomes a listing of its own only where it is a return: at the address that the marketplace named, else at one of the scheme <c>gate</c>, which nobody
/// fetches.
/// </summary>
internal static class GateListing
{
    private const string Scheme = "gate";

    private static readonly char[] Comma = [','];

    /// <summary>What was seen, with the listing as far as it is known; nothing is kept.</summary>
    public static async Task<ObservationRow> ReadAsync(TouchstoneDb db, GateSightingRow sighting, CancellationToken cancellationToken)
    {
        Uri at = AddressOf(sighting);
        ListingRow? known = await db.Listings.AsNoTracking().Include(l => l.Shop).FirstOrDefaultAsync(l => l.Url == at.AbsoluteUri, cancellationToken);
        ShopRow? shop = known?.Shop ?? await db.Shops.AsNoTracking().FirstOrDefaultAsync(s => s.Host == at.Host, cancellationToken);
        ListingRow listing = known ?? new ListingRow { ShopId = shop?.Id ?? 0, Shop = shop ?? new ShopRow { Host = at.Host, FirstSeenAt = sighting.SeenAt }, Url = at.AbsoluteUri, Name = sighting.Title, FirstSeenAt = sighting.SeenAt, LastSeenAt = sighting.SeenAt };
        return ObservationOf(sighting, listing, listing.Id, 1);
    }

    /// <summary>Adds listing and observation, or moves the date of what is there; in the caller's transaction.</summary>
    public static async Task<ObservationRow> KeepAsync(TouchstoneDb db, GateSightingRow sighting, CancellationToken cancellationToken)
    {
        Uri at = AddressOf(sighting);
        ListingRow? listing = await db.Listings.FirstOrDefaultAsync(l => l.Url == at.AbsoluteUri, cancellationToken);
        if (listing is null)
        {
            ShopRow shop = await db.Shops.FirstOrDefaultAsync(s => s.Host == at.Host, cancellationToken) ?? new ShopRow { Host = at.Host, FirstSeenAt = sighting.SeenAt };
            listing = new ListingRow { Shop = shop, Url = at.AbsoluteUri, Name = sighting.Title, FirstSeenAt = sighting.SeenAt };
        }
        listing.LastSeenAt = sighting.SeenAt > listing.LastSeenAt ? sighting.SeenAt : listing.LastSeenAt;
        string content = ContentOf(sighting);
        ObservationRow? latest = listing.Id == 0 ? null : await db.Observations.Where(o => o.ListingId == listing.Id).OrderByDescending(o => o.Number).FirstOrDefaultAsync(cancellationToken);
        ObservationRow seen = latest?.ContentHash == content ? latest : ObservationOf(sighting, listing, listing.Id, (latest?.Number ?? 0) + 1);
        seen.LastSeenAt = sighting.SeenAt;
        if (seen.Id == 0) db.Observations.Add(seen);
        await db.SaveChangesAsync(cancellationToken);
        return seen;
    }

    private static ObservationRow ObservationOf(GateSightingRow sighting, ListingRow listing, long listingId, int number)
    {
        var seen = new ObservationRow
        {
            Listing = listing, ListingId = listingId, Number = number, Name = sighting.Title, Description = sighting.Description, Brand = sighting.Brand, Mpn = sighting.Mpn, Gtin = sighting.Gtin,
            ContentHash = ContentOf(sighting), FirstSeenAt = sighting.SeenAt, LastSeenAt = sighting.SeenAt,
        };
        foreach ((int i, string sha256) in sighting.Pictures.Split(Comma, StringSplitOptions.RemoveEmptyEntries).Index())
            seen.Images.Add(new ObservationImageRow { Position = i, Url = listing.Url, ImageSha256 = sha256, FetchedAt = sighting.SeenAt });
        return seen;
    }

    private static Uri AddressOf(GateSightingRow sighting)
    {
        if (Uri.TryCreate(sighting.Url, UriKind.Absolute, out Uri? named) && (named.Scheme == Uri.UriSchemeHttps || named.Scheme == Uri.UriSchemeHttp)) return named;
        // An account's name may hold what no host does.
        string host = string.Concat(sighting.Actor.ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-')).Trim('-');
        return new Uri($"{Scheme}://{(host.Length == 0 ? "marketplace" : host)}/{Uri.EscapeDataString(sighting.Number ?? ContentOf(sighting))}");
    }

    private static string ContentOf(GateSightingRow s) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', s.Title, s.Description, s.Brand, s.Mpn, s.Gtin, s.Pictures))));
}
