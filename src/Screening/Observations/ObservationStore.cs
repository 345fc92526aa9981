using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Touchstone.Crawling.Extraction;
using Touchstone.Crawling.Extraction.Facts;
using Touchstone.Crawling.Fetching;
using Touchstone.Screening.Sellers;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Screening.Storage.Blobs;

namespace Touchstone.Screening.Observations;

/// <summary>A page as its facts were read.</summary>
/// <param name="Rendered">Whether a browser made the HTML.</param>
public sealed record SeenPage(string Html, bool Rendered)
{
    /// <summary>What brought the page, redirects first; empty where nothing was fetched.</summary>
    public IReadOnlyList<FetchExchange> Exchanges { get; init; } = [];

    /// <summary>What a browser asked for to make the page.</summary>
    public IReadOnlyList<FetchExchange> Resources { get; init; } = [];
}

/// <summary>A picture of a page, in the page's order.</summary>
/// <param name="Sha256">Null where there are no bytes.</param>
/// <param name="Failure">Why there are none, for people; null where they were received, or were not asked for.</param>
/// <param name="FetchedAt">When the bytes or the failure came; null where they were not asked for.</param>
public sealed record SeenImage(string Url, string? Sha256, string? Failure, DateTimeOffset? FetchedAt);

/// <summary>
/// Keeps what shops offer: one listing for each URL, and an observation of it for each change of its content. An observation is never changed; where the same
/// is seen again, its date moves. Safe for concurrent use, also by several processes.
/// </summary>
public sealed class ObservationStore(IDbContextFactory<TouchstoneDb> databases, IBlobStore blobs, TimeProvider clock) : IDisposable
{
    private const int MostAttempts = 5;

    // When a shop was last crawled is noted no oftener.
    private static readonly TimeSpan CrawledStep = TimeSpan.FromMinutes(1);

    private const int MostShops = 10_000;

    // Of each shop its id, and when it was last noted that it was crawled.
    private readonly ConcurrentDictionary<string, (long Id, DateTimeOffset At)> _shops = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _noting = new(1, 1);

    /// <summary>
    /// SHA-256 over every fact and every picture's bytes: equal means that the content did not change. Addresses of pictures are not content: shops sign them anew
    /// for each visit, also those of variants. Nor is the way that led to the page, which differs with the link that was followed.
    /// </summary>
    public static string HashOf(ListingFacts facts, IReadOnlyList<SeenImage> images)
    {
        ArgumentNullException.ThrowIfNull(facts);
        ArgumentNullException.ThrowIfNull(images);
        string content = $"{JsonSerializer.Serialize(facts with { Images = [], Breadcrumbs = [], Sources = [], Variants = [.. facts.Variants.Select(v => v with { Image = null })], Safety = [.. facts.Safety.Where(p => p.Point != SafetyPoint.Picture)] })}|{string.Join(',', images.Select(i => i.Sha256 ?? "-"))}";
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content)));
    }

    /// <summary>The pictures of the listing's latest observation that have bytes, by their addresses; empty where it was never seen.</summary>
    public async Task<IReadOnlyDictionary<string, SeenImage>> KnownImagesAsync(string url, CancellationToken cancellationToken)
    {
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        ObservationRow? latest = await Latest(db.Observations.AsNoTracking().Where(o => o.Listing!.Url == url)).FirstOrDefaultAsync(cancellationToken);
        return (latest?.Images ?? []).Where(i => i.ImageSha256 is not null).GroupBy(i => i.Url, StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => g.Select(i => new SeenImage(i.Url, i.ImageSha256, null, i.FetchedAt)).First(), StringComparer.Ordinal);
    }

    /// <summary>Stores what was seen and returns its observation with listing and pictures: the latest one where the content did not change, and else a new one.</summary>
    /// <param name="page">Kept with a new observation; null: there is none to keep.</param>
    public async Task<ObservationRow> SaveAsync(ListingFacts facts, IReadOnlyList<SeenImage> images, SeenPage? page, CancellationToken cancellationToken)
    {
        string hash = HashOf(facts, images);
        DateTimeOffset now = clock.GetUtcNow();
        KeptPage? kept = null;
        IReadOnlyList<PageTrait>? traits = null;
        for (int attempt = 1; ; attempt++)
        {
            long shopId = await ShopAsync(HostOf(facts.Url), now, attempt > 1, cancellationToken);
            await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
            ListingRow? listing = await db.Listings.FirstOrDefaultAsync(l => l.Url == facts.Url, cancellationToken);
            if (listing is null)
            {
                listing = new ListingRow { Url = facts.Url, ShopId = shopId, FirstSeenAt = now };
                db.Listings.Add(listing);
            }
            ObservationRow? latest = listing.Id == 0 ? null : await Latest(db.Observations.Where(o => o.ListingId == listing.Id)).FirstOrDefaultAsync(cancellationToken);
            if (latest?.ContentHash != hash)
            {
                latest = RowOf(facts, images, (latest?.Number ?? 0) + 1, hash, now);
                latest.Seller = await ErasedNames.KeptSellerAsync(db, clock, shopId, latest.Seller, cancellationToken);
                if (page is not null) Put(latest, page, kept ??= await KeepAsync(page, cancellationToken));
                listing.Observations.Add(latest);
                listing.Name = latest.Name;
            }
            bool isNew = latest.Id == 0;
            SeenAgain(latest, images, now);
            latest.Listing = listing;
            // Of what did not change the traits are known.
            if (isNew || listing.SellerId is null) await SellerStore.NoteAsync(db, listing, latest.Seller, isNew && page is not null ? await ErasedNames.KeptTraitsAsync(db, clock, latest.Seller, traits ??= PageTraits.Of(page.Html), cancellationToken) : [], now, cancellationToken);
            listing.LastSeenAt = now;
            try
            {
                using WriteTurn turn = await WriteTurn.EnterAsync(db, cancellationToken);
                await db.SaveChangesAsync(cancellationToken);
                return latest;
            }
            catch (DbUpdateException) when (attempt < MostAttempts)
            {
                // Another worker saw the listing, or this content of it, first; the next turn finds its row.
            }
        }
    }

    /// <summary>The page and the bodies in the blob store, by their hashes; null for a body that is empty.</summary>
    private async Task<KeptPage> KeepAsync(SeenPage page, CancellationToken cancellationToken)
    {
        byte[] html = Encoding.UTF8.GetBytes(page.Html);
        string sha256 = await blobs.PutAsync(html, cancellationToken);
        var bodies = new List<string?>();
        foreach (FetchExchange exchange in page.Exchanges.Concat(page.Resources))
        {
            // Most pages come as they are kept.
            bool same = exchange.Body.Span.SequenceEqual(html);
            bodies.Add(exchange.Body.IsEmpty ? null : same ? sha256 : await blobs.PutAsync(exchange.Body, cancellationToken));
        }
        return new KeptPage(sha256, bodies);
    }

    private static void Put(ObservationRow row, SeenPage page, KeptPage kept)
    {
        (row.PageSha256, row.PageRendered) = (kept.Sha256, page.Rendered);
        foreach ((int position, FetchExchange exchange) in page.Exchanges.Concat(page.Resources).Index())
        {
            row.Exchanges.Add(new ObservationExchangeRow
            {
                Position = position,
                IsResource = position >= page.Exchanges.Count,
                Url = exchange.Url,
                RequestHead = exchange.RequestHead.ToArray(),
                ResponseHead = exchange.ResponseHead.ToArray(),
                BodySha256 = kept.Bodies[position],
                IsWhole = exchange.IsWhole,
                Address = exchange.Address,
                Policy = exchange.Policy,
                AskedAt = exchange.AskedAt,
                EndedAt = exchange.EndedAt,
            });
        }
    }

    /// <summary>Lower case, with the port if it is not the scheme's default.</summary>
    public static string HostOf(string url) => new Uri(url).Authority.ToLowerInvariant();

    /// <summary>What a screening reads of an observation's facts.</summary>
    /// <param name="observation">With its listing, and its variants in their order.</param>
    public static ListingFacts FactsOf(ObservationRow observation)
    {
        ArgumentNullException.ThrowIfNull(observation);
        return new ListingFacts
        {
            Url = observation.Listing!.Url, Name = observation.Name, Description = observation.Description, Brand = observation.Brand, Mpn = observation.Mpn, Gtin = observation.Gtin,
            Variants = [.. observation.Variants.Select(v => new OfferVariant { Gtin = v.Gtin, Mpn = v.Mpn })],
        };
    }

    private static IQueryable<ObservationRow> Latest(IQueryable<ObservationRow> observations) => observations.Include(o => o.Images.OrderBy(i => i.Position)).OrderByDescending(o => o.Number);

    private static void SeenAgain(ObservationRow observation, IReadOnlyList<SeenImage> images, DateTimeOffset now)
    {
        observation.LastSeenAt = now;
        foreach (ObservationImageRow image in observation.Images)
            if (image.Position < images.Count && images[image.Position].FetchedAt is { } fetched) image.FetchedAt = fetched;
    }

    public void Dispose() => _noting.Dispose();

    /// <param name="anew">Whether what is known of it in memory is not enough.</param>
    private async Task<long> ShopAsync(string host, DateTimeOffset now, bool anew, CancellationToken cancellationToken)
    {
        if (!anew && Known() is { } known) return known;
        await _noting.WaitAsync(cancellationToken);
        try
        {
            // Another page of the shop may have been first.
            if (!anew && Known() is { } noted) return noted;
            if (_shops.Count > MostShops) _shops.Clear();
            long id = await NotedShopAsync(host, now, cancellationToken);
            _shops[host] = (id, now);
            return id;
        }
        finally
        {
            _noting.Release();
        }

        long? Known() => _shops.TryGetValue(host, out (long Id, DateTimeOffset At) seen) && seen.At > now - CrawledStep && seen.At <= now ? seen.Id : null;
    }

    private async Task<long> NotedShopAsync(string host, DateTimeOffset now, CancellationToken cancellationToken)
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
                using WriteTurn turn = await WriteTurn.EnterAsync(db, cancellationToken);
                await db.SaveChangesAsync(cancellationToken);
                return shop.Id;
            }
            catch (DbUpdateException) when (attempt < MostAttempts)
            {
                // Another worker saw the shop first; the next turn finds its row.
            }
        }
    }

    private static ObservationRow RowOf(ListingFacts facts, IReadOnlyList<SeenImage> images, int number, string hash, DateTimeOffset now)
    {
        var row = new ObservationRow
        {
            Number = number,
            Name = StoredText.Of(facts.Name),
            Price = facts.Price,
            Currency = facts.Currency,
            Availability = facts.Availability,
            Sku = StoredText.Of(facts.Sku),
            Mpn = StoredText.Of(facts.Mpn),
            Gtin = facts.Gtin,
            Brand = StoredText.Of(facts.Brand),
            Seller = StoredText.Of(facts.Seller),
            Description = StoredText.Of(facts.Description),
            Language = StoredText.Of(facts.Language),
            Breadcrumbs = facts.Breadcrumbs.Count == 0 ? null : StoredText.Of(string.Join('\n', facts.Breadcrumbs)),
            Sources = facts.Sources.Count == 0 ? null : string.Join('\n', facts.Sources),
            ContentHash = hash,
            FirstSeenAt = now,
            VariantsFound = facts.VariantsFound,
            Safety = SafetyColumn.Write(facts.Safety),
            LacksResponsiblePerson = SafetyColumn.LacksResponsiblePerson(facts.Safety),
        };
        for (int i = 0; i < images.Count; i++)
            row.Images.Add(new ObservationImageRow { Position = i, Url = images[i].Url, ImageSha256 = images[i].Sha256, Failure = images[i].Failure, FetchedAt = images[i].FetchedAt });
        foreach ((int position, OfferVariant variant) in facts.Variants.Index()) row.Variants.Add(RowOf(variant, position));
        return row;
    }

    private static ObservationVariantRow RowOf(OfferVariant variant, int position) => new()
    {
        Position = position,
        Name = StoredText.Of(variant.Name),
        Sku = StoredText.Of(variant.Sku),
        Gtin = variant.Gtin,
        Mpn = StoredText.Of(variant.Mpn),
        Price = variant.Price,
        Currency = variant.Currency,
        Availability = variant.Availability,
        ImageUrl = StoredText.Of(variant.Image),
    };

    private sealed record KeptPage(string Sha256, IReadOnlyList<string?> Bodies);
}
