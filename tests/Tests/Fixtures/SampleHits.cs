using Touchstone.Screening.Storage.Blobs;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Tests.Fixtures;

/// <summary>Rows that a screened shop would leave, without the screening.</summary>
public static class SampleHits
{
    public static async Task<ReferenceRow> AddReferenceAsync(TouchstoneDb db, string title = "Face mask Alfa", string? contact = null)
    {
        var register = new RegisterRow { Name = $"register-{Guid.NewGuid():N}", Format = "csv" };
        var reference = new ReferenceRow
        {
            Register = register,
            ExternalId = "A12/00017/26",
            Kind = ReferenceKind.Alert,
            Title = title,
            RightHolder = contact is null ? null : "Alfa A/S",
            RightHolderContact = contact,
            Danger = "The filter lets particles through.",
            RawPayload = "{}",
            ContentHash = new string('0', 64),
        };
        db.References.Add(reference);
        await db.SaveChangesAsync();
        return reference;
    }

    public static async Task<ShopRow> AddShopAsync(TouchstoneDb db, string? host = null)
    {
        var shop = new ShopRow { Host = host ?? $"{Guid.NewGuid():N}.example" };
        db.Shops.Add(shop);
        await db.SaveChangesAsync();
        return shop;
    }

    /// <summary>A hit on a new listing.</summary>
    /// <param name="image">SHA-256 of the listing's picture.</param>
    public static async Task<HitRow> AddAsync(TouchstoneDb db, ReferenceRow? reference = null, ShopRow? shop = null, string? image = null, double probability = 0.93)
    {
        reference ??= await AddReferenceAsync(db);
        shop ??= await AddShopAsync(db);
        image ??= BlobName.Of(Guid.NewGuid().ToByteArray());
        var listing = new ListingRow { ShopId = shop.Id, Url = $"https://{shop.Host}/p/{Guid.NewGuid():N}", Name = "Mask, 50 pieces" };
        var observation = new ObservationRow { Listing = listing, Number = 1, Name = "Mask, 50 pieces", Price = 9.95m, Currency = "EUR", ContentHash = new string('1', 64) };
        observation.Images.Add(new() { Url = $"https://{shop.Host}/i.jpg", ImageSha256 = image });
        var screening = new ScreeningRow { Observation = observation, Verdict = Verdict.Match, ModelId = "model", ProfileId = "profile", GalleryFingerprint = new string('3', 16), InputHash = new string('2', 64) };
        var match = new MatchRow
        {
            Screening = screening,
            ReferenceId = reference.Id,
            ImageSha256 = image,
            Relation = Relation.SameProduct,
            Probability = probability,
            Verdict = Verdict.Match,
            Signals = """{"similarity":0.91,"inliers":44}""",
        };
        var hit = new HitRow { Listing = listing, ReferenceId = reference.Id, Match = match, Relation = match.Relation, Probability = probability, Verdict = match.Verdict };
        db.Hits.Add(hit);
        await db.SaveChangesAsync();
        return hit;
    }
}
