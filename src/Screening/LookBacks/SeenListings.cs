using Microsoft.EntityFrameworkCore;
using Touchstone.Recognition.Gallery;
using Touchstone.Screening.Following;
using Touchstone.Screening.References;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.LookBacks;

/// <summary>A listing as it was last seen.</summary>
internal readonly record struct SeenListing(long ObservationId, long ListingId);

/// <summary>Finds listings, by their latest observation alone: those that show pictures, and those that state what references are known by. Safe for concurrent use.</summary>
internal sealed class SeenListings(IDbContextFactory<TouchstoneDb> databases)
{
    private const int AtOnce = 500;

    private readonly RegisterChanges registers = new(databases);

    /// <summary>The listings that show each of these pictures now.</summary>
    public async Task<ILookup<string, SeenListing>> ShowingAsync(IReadOnlyCollection<string> sha256s, CancellationToken cancellationToken)
    {
        var found = new List<(string Sha256, SeenListing Listing)>();
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        foreach (string[] part in sha256s.Chunk(AtOnce))
        {
            var rows = await (from image in db.ObservationImages.Where(i => EF.Parameter(part).Contains(i.ImageSha256!))
                              join observation in db.LatestObservations() on image.ObservationId equals observation.Id
                              select new { image.ImageSha256, observation.Id, observation.ListingId }).Distinct().ToListAsync(cancellationToken);
            found.AddRange(rows.Select(r => (r.ImageSha256!, new SeenListing(r.Id, r.ListingId))));
        }
        return found.ToLookup(f => f.Sha256, f => f.Listing, StringComparer.Ordinal);
    }

    /// <summary>The listings that state a number, or brand and model, of each of these references, by the one rule of <see cref="IdentifierLookup"/>.</summary>
    public async Task<ILookup<long, SeenListing>> StatingAsync(long[] referenceIds, CancellationToken cancellationToken)
    {
        var wanted = new IdentifierLookup();
        HashSet<string> gtins = new(StringComparer.Ordinal), brands = new(StringComparer.Ordinal);
        foreach ((long id, RegisterReference reference) in await registers.ReadAsync(referenceIds, cancellationToken))
        {
            wanted.Put(id, reference.Gtins, reference.Brand, reference.Models);
            gtins.UnionWith(reference.Gtins.SelectMany(GtinForms.Of));
            if (reference.Brand is { } brand && reference.Models.Any(m => m.Length > 0)) brands.Add(IdentifierLookup.FoldedBrand(brand));
        }
        var found = new List<(long Reference, SeenListing Listing)>();
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        foreach (string[] part in gtins.Chunk(AtOnce)) await TakeAsync(db.LatestObservations().Where(o => EF.Parameter(part).Contains(o.Gtin!) || o.Variants.Any(v => EF.Parameter(part).Contains(v.Gtin!))));
        ILookup<string, string>? spelled = brands.Count == 0 ? null : await BrandsAsync(cancellationToken);
        foreach (string[] part in brands.SelectMany(b => spelled![b]).Chunk(AtOnce)) await TakeAsync(db.LatestObservations().Where(o => EF.Parameter(part).Contains(o.Brand!)));
        return found.Distinct().ToLookup(f => f.Reference, f => f.Listing);

        async Task TakeAsync(IQueryable<ObservationRow> observations)
        {
            await foreach (var o in observations.Select(o => new { o.Id, o.ListingId, o.Name, o.Brand, o.Mpn, o.Gtin, Variants = o.Variants.Select(v => new { v.Gtin, v.Mpn }).ToList() }).AsAsyncEnumerable().WithCancellation(cancellationToken))
                found.AddRange(wanted.Find(new StatedOffer(o.Name, ReferenceText.CleanBrand(o.Brand), o.Mpn, o.Gtin) { VariantGtins = [.. o.Variants.Select(v => v.Gtin).OfType<string>()], VariantMpns = [.. o.Variants.Select(v => v.Mpn).OfType<string>()] }).Select(a => (a.ReferenceId, new SeenListing(o.Id, o.ListingId))));
        }
    }

    /// <summary>How many of these listings are hits of the reference.</summary>
    public async Task<int> HitsAsync(long referenceId, IReadOnlyCollection<long> listingIds, CancellationToken cancellationToken)
    {
        int hits = 0;
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        foreach (long[] part in listingIds.Chunk(AtOnce)) hits += await db.Hits.CountAsync(h => h.ReferenceId == referenceId && EF.Parameter(part).Contains(h.ListingId!.Value), cancellationToken);
        return hits;
    }

    /// <summary>The brands of listings in folded form, each with how the listings spell it.</summary>
    public async Task<ILookup<string, string>> BrandsAsync(CancellationToken cancellationToken)
    {
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        List<string> all = await db.Observations.Where(o => o.Brand != null).Select(o => o.Brand!).Distinct().ToListAsync(cancellationToken);
        return all.Select(b => (Spelled: b, Clean: ReferenceText.CleanBrand(b))).Where(b => b.Clean is not null).ToLookup(b => IdentifierLookup.FoldedBrand(b.Clean!), b => b.Spelled, StringComparer.Ordinal);
    }
}
