using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Touchstone.Screening;
using Touchstone.Screening.Sellers;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Blobs;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Screening.Watches;

namespace Touchstone.Tests.Server;

/// <summary>Every page that the server routes, with something to show on each.</summary>
internal static partial class ConsolePages
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Each page of the route table, with the number of something that is there in the place of its parameter.</summary>
    public static async Task<IReadOnlyList<string>> PathsAsync(ServerFixture server)
    {
        IReadOnlyDictionary<string, long> ids = await IdsAsync(server);
        IEnumerable<string> templates = server.Services.GetServices<EndpointDataSource>().SelectMany(x => x.Endpoints).OfType<RouteEndpoint>()
            .Where(x => x.Metadata.GetMetadata<ComponentTypeMetadata>() is not null).Select(x => $"/{x.RoutePattern.RawText!.TrimStart('/')}").Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
        return [.. templates.Select(template => Parameter().Replace(template, _ =>
            ids.Where(x => template.StartsWith(x.Key, StringComparison.Ordinal)).MaxBy(x => x.Key.Length) is { Key: not null } id ? $"{id.Value}" : throw new InvalidOperationException($"The page {template} needs something to show: add it to {nameof(IdsAsync)}.")))];
    }

    private static async Task<IReadOnlyDictionary<string, long>> IdsAsync(ServerFixture server)
    {
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        await using TouchstoneDb db = await server.OpenAsync();
        var search = new SearchRow { Name = "Lamps, weekly", ShopUrls = "https://shop.example/", PageBudget = 100, CreatedBy = "test", CreatedAt = now };
        search.Runs.Add(new SearchRunRow { State = RunState.Finished, QueuedAt = now, StartedAt = now, FinishedAt = now, Pages = 12, Listings = 7, Hits = 7, Undetermined = 1, Shops = 1 });
        db.Searches.Add(search);
        var file = new CaseRow { Title = "Toy lamp", OpenedBy = "test", OpenedAt = now, DueAt = now.AddDays(-1), AssignedTo = "test", Market = "DK" };
        file.Events.Add(new CaseEventRow { Kind = "Opened", Actor = "test", At = now, Text = "From one hit." });
        db.Cases.Add(file);
        string photo = BlobName.Of(server.Picture);
        var capture = new CaptureRow { ImageSha256 = photo, TakenBy = "test", TakenAt = now, Place = "Gate 4", ClientKey = $"{Guid.NewGuid():N}" };
        db.Captures.Add(capture);
        var import = new ImportRow { Register = "test", FileName = "lamps.csv", State = ImportState.Failed, CreatedBy = "test", CreatedAt = now, FinishedAt = now, Error = "The file has no column “title”." };
        db.Imports.Add(import);
        await db.SaveChangesAsync(Stop);
        var match = new MatchRow { ReferenceId = server.ReferenceId, ImageSha256 = photo, ReferenceImageSha256 = photo, Relation = Relation.SameProduct, Probability = 0.95, Verdict = Verdict.Match, Signals = "{}" };
        db.Screenings.Add(new ScreeningRow { CaptureId = capture.Id, Verdict = Verdict.Match, ModelId = "m", ProfileId = "p", GalleryFingerprint = "f", InputHash = "1", ScreenedAt = now, Matches = { match } });
        await db.SaveChangesAsync(Stop);
        long hit = await server.AddHitAsync(0.7);
        long watch = await WatchAsync(server);
        (long shop, long seller) = await SellerAsync(server, hit);
        return new Dictionary<string, long>(StringComparer.Ordinal) { ["/watches/"] = watch, ["/shops/"] = shop, ["/sellers/"] = seller, ["/hits/"] = hit, ["/field/"] = capture.Id, ["/cases/"] = file.Id, ["/searches/"] = search.Id, ["/references/"] = server.ReferenceId, ["/references/imports/"] = import.Id };
    }

    /// <summary>A seller of a hit's shop, whose page states what another shop states, too.</summary>
    private static async Task<(long Shop, long Seller)> SellerAsync(ServerFixture server, long hit)
    {
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        await using TouchstoneDb db = await server.OpenAsync();
        ListingRow listing = await db.Hits.Where(h => h.Id == hit).Select(h => h.Listing!).SingleAsync(Stop);
        await SellerStore.NoteAsync(db, listing, "Bright Trading", PageTraits.Of("<p>VAT DE 123456789</p><a href='mailto:info@bright.example'>mail</a>"), now, Stop);
        var other = new ListingRow { Shop = new ShopRow { Host = $"{Guid.NewGuid():N}.example", FirstSeenAt = now }, Url = $"https://{Guid.NewGuid():N}.example/p", FirstSeenAt = now, LastSeenAt = now };
        db.Listings.Add(other);
        await db.SaveChangesAsync(Stop);
        await SellerStore.NoteAsync(db, other, null, PageTraits.Of("USt-IdNr.: DE123456789"), now, Stop);
        await db.SaveChangesAsync(Stop);
        return (listing.ShopId, listing.SellerId!.Value);
    }

    /// <summary>A removed offer with a return.</summary>
    private static async Task<long> WatchAsync(ServerFixture server)
    {
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        long old = await server.AddHitAsync(0.9), back = await server.AddHitAsync(0.8);
        await using TouchstoneDb db = await server.OpenAsync();
        await db.Hits.Where(h => h.Id == old).ExecuteUpdateAsync(s => s.SetProperty(h => h.State, HitState.Confirmed), Stop);
        WatchRow watch = (await new StartWatch(old, "The shop took it away.").RunAsync(new VerbContext(db, "test", TimeProvider.System), Stop)).Value!;
        var seen = await db.Hits.Where(h => h.Id == back).Select(h => new { ListingId = h.ListingId!.Value, ObservationId = h.Match!.Screening!.ObservationId!.Value, h.Match.ImageSha256 }).SingleAsync(Stop);
        db.Returns.Add(new ReturnRow { WatchId = watch.Id, ListingId = seen.ListingId, ObservationId = seen.ObservationId, HitId = back, Sign = ReturnSign.SameImage, Probability = 0.94, ImageSha256 = seen.ImageSha256, WatchImageSha256 = seen.ImageSha256, ReturnedAt = now, Days = 5 });
        await db.SaveChangesAsync(Stop);
        return watch.Id;
    }

    [GeneratedRegex(@"\{[^}]+\}", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Parameter();
}
