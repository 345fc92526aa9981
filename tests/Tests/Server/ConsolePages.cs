using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Touchstone.Screening.Notices;
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

    /// <summary>The page behind the reply link of a notice that <see cref="PathsAsync"/> made.</summary>
    public static async Task<string> ReplyPathAsync(ServerFixture server)
    {
        await using TouchstoneDb db = await server.OpenAsync();
        NoticeRow sent = await db.Notices.OrderByDescending(x => x.Id).FirstAsync(x => x.ReplyUntil != null, Stop);
        var here = new OperatorRow { Name = "", Address = "", ContactName = "", ContactEmail = "", Language = "de", PublicUrl = "", ChangedBy = "" };
        return (await ReplyToken.UrlAsync(db, TimeProvider.System, here, sent.Id, sent.ReplySerial, sent.ReplyUntil!.Value, Stop))!;
    }

    private static async Task<IReadOnlyDictionary<string, long>> IdsAsync(ServerFixture server)
    {
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        await using TouchstoneDb db = await server.OpenAsync();
        var search = new SearchRow { Name = "Lamps, weekly", ShopUrls = "https://shop.example/", PageBudget = 100, CreatedBy = "test", CreatedAt = now };
        search.Runs.Add(new SearchRunRow { State = RunState.Finished, QueuedAt = now, StartedAt = now, FinishedAt = now, Pages = 12, Listings = 7, Hits = 7, Undetermined = 1, Shops = 1 });
        db.Searches.Add(search);
        await AddRunsAsync(server, db, search, now);
        var file = new CaseRow { Title = "Toy lamp", OpenedBy = "test", OpenedAt = now, DueAt = now.AddDays(-1), AssignedTo = "test", Market = "DK" };
        file.Events.Add(new CaseEventRow { Kind = "Opened", Actor = "test", At = now, Text = "From one hit." });
        db.Cases.Add(file);
        var report = new AttachmentRow { Case = file, Sha256 = BlobName.Of(server.Picture), Name = "photo.png", MediaType = "image/png", Bytes = server.Picture.Length, AddedBy = "test", AddedAt = now };
        var clock = new CaseClockRow { Case = file, Kind = ClockKind.SampleResult, What = "the laboratory answers", Country = "KR", StartedAt = now.AddDays(-9), StartedBy = "test", DueAt = now.AddDays(-1) };
        var met = new CaseClockRow { Case = file, Kind = ClockKind.Order, Country = "DK", StartedAt = now.AddDays(-9), StartedBy = "test", DueAt = now.AddDays(-5), MetAt = now.AddDays(-6), MetBy = "test", How = "The offer is gone." };
        foreach (SampleState state in Enum.GetValues<SampleState>())
            db.Samples.Add(new SampleRow { Case = file, State = state, Supplier = "shop.example", Link = "https://shop.example/p/1", Quantity = 2, Price = 19.9m, Currency = "EUR", OrderedBy = "test", OrderedAt = now, ReceivedAt = now, Laboratory = "Lab", SentAt = now, Report = report, Clock = clock, Version = 1 });
        db.AddRange(report, clock, met, new HolidayRow { Country = "KR", Day = new DateOnly(2026, 10, 9), Name = "Hangul Day", AddedBy = "test", AddedAt = now });
        foreach (ProposalState state in Enum.GetValues<ProposalState>())
            db.Proposals.Add(new ProposalRow { State = state, By = GroupKind.Shop, Key = "shop.example", Name = "shop.example", To = HitState.Rejected, Reason = RejectReason.OtherProduct, Hits = 51, Seen = "", ProposedBy = "test", ProposedAt = now, DecidedBy = state == ProposalState.Open ? null : "other", DecidedAt = state == ProposalState.Open ? null : now, Outcome = state == ProposalState.Open ? null : "51 decided, 0 left as they were" });
        string photo = BlobName.Of(server.Picture);
        var capture = new CaptureRow { ImageSha256 = photo, TakenBy = "test", TakenAt = now, Place = "Gate 4", ClientKey = $"{Guid.NewGuid():N}" };
        db.Captures.Add(capture);
        var import = new ImportRow { Register = "test", FileName = "lamps.csv", State = ImportState.Failed, CreatedBy = "test", CreatedAt = now, FinishedAt = now, Error = "The file has no column “title”." };
        db.Imports.Add(import);
        var finding = new FindingRow { ReferenceId = server.ReferenceId, Terms = "da: legetøjslampe\nLamp X1", Markets = "DK\nSE", MostShops = 50, State = FindingState.Finished, CreatedBy = "test", CreatedAt = now, FinishedAt = now, Asked = 4, Results = 22, LeftOut = 3, Problems = "Brave Search: it did not answer (no answer within 20 s)." };
        finding.Shops.Add(new FoundShopRow { Host = "lamps.example", Url = "https://lamps.example/p/1", Title = "Toy lamp", Provider = "SearXNG", Query = "da: legetøjslampe", Market = "DK", Rank = 1, FoundAt = now });
        finding.Shops.Add(new FoundShopRow { Host = "toys.example", Url = "https://toys.example/", Provider = "the alert", Query = "Toys", Market = "SE", Rank = 1, FoundAt = now, State = FoundShopState.Rejected, DecidedBy = "test", DecidedAt = now });
        db.Findings.Add(finding);
        db.Mandates.Add(new MandateRow { Host = $"{Guid.NewGuid():N}.example", LegalBasis = "Regulation (EU) 2019/1020, article 14", Approver = "test", RecordedAt = now, Expires = now.AddDays(30) });
        if (!await db.SearchProviders.AnyAsync(Stop)) db.SearchProviders.Add(new SearchProviderRow { Kind = SearchProviderKind.SearXng, Url = "https://searx.example", IsOn = true, ChangedBy = "test", ChangedAt = now });
        if (!await db.ShopMarkets.AnyAsync(Stop)) db.ShopMarkets.Add(new ShopMarketRow { Host = "shop.example", Country = "DK", Standing = MarketStanding.Targets });
        if (!await db.MarketSignals.AnyAsync(Stop)) db.MarketSignals.Add(new MarketSignalRow { Host = "shop.example", Kind = Touchstone.Crawling.Extraction.Shop.MarketSignalKind.Dispatch, Countries = "DK", Text = "Fri fragt til Danmark", PageUrl = "https://shop.example/", FirstSeenAt = now, LastSeenAt = now });
        await db.SaveChangesAsync(Stop);
        var match = new MatchRow { ReferenceId = server.ReferenceId, ImageSha256 = photo, ReferenceImageSha256 = photo, Relation = Relation.SameProduct, Probability = 0.95, Verdict = Verdict.Match, Signals = "{}" };
        db.Screenings.Add(new ScreeningRow { CaptureId = capture.Id, Verdict = Verdict.Match, ModelId = "m", ProfileId = "p", GalleryFingerprint = "f", InputHash = "1", ScreenedAt = now, Matches = { match } });
        await db.SaveChangesAsync(Stop);
        long hit = await server.AddHitAsync(0.7);
        long watch = await WatchAsync(server);
        (long shop, long seller) = await SellerAsync(server, hit);
        long notice = await NoticeAsync(db, file.Id, hit);
        return new Dictionary<string, long>(StringComparer.Ordinal) { ["/hits/"] = hit, ["/field/"] = capture.Id, ["/cases/"] = file.Id, ["/notices/"] = notice, ["/watches/"] = watch, ["/shops/"] = shop, ["/sellers/"] = seller, ["/searches/"] = search.Id, ["/finding/"] = finding.Id, ["/references/"] = server.ReferenceId, ["/references/imports/"] = import.Id };
    }

    /// <summary>An earlier run of the search, so that each sort of difference to the last one is there.</summary>
    private static async Task AddRunsAsync(ServerFixture server, TouchstoneDb db, SearchRow search, DateTimeOffset now)
    {
        SearchRunRow last = search.Runs.Single();
        var first = new SearchRunRow { Search = search, State = RunState.Finished, QueuedAt = now.AddDays(-1), StartedAt = now.AddDays(-1), FinishedAt = now.AddDays(-1), Pages = 9, Listings = 5, Hits = 5 };
        search.Runs.Clear();
        db.SearchRuns.Add(first);
        await db.SaveChangesAsync(Stop);
        search.Runs.Add(last);
        await db.SaveChangesAsync(Stop);
        HitRow[] hits = [await HitAsync(), await HitAsync(), await HitAsync(), await HitAsync()];
        async Task<HitRow> HitAsync()
        {
            long id = await server.AddHitAsync(0.6);
            await using TouchstoneDb own = await server.OpenAsync();
            return await own.Hits.AsNoTracking().Include(x => x.Listing).Include(x => x.Match!.Screening!.Observation).SingleAsync(x => x.Id == id, Stop);
        }
        var later = new ObservationRow { ListingId = hits[1].ListingId!.Value, Number = 2, Name = "Lamp, now cheaper", Price = 3m, Currency = "EUR", ContentHash = new string('9', 64) };
        db.Observations.Add(later);
        await db.SaveChangesAsync(Stop);
        void See(SearchRunRow run, HitRow hit, long? observation = null) => db.RunObservations.Add(new RunObservationRow { RunId = run.Id, ObservationId = observation ?? hit.Match!.Screening!.ObservationId!.Value, ScreeningId = hit.Match!.ScreeningId, SeenAt = now });
        See(first, hits[1]);
        See(first, hits[2]);
        See(first, hits[3]);
        See(last, hits[0]);
        See(last, hits[1], later.Id);
        db.Frontier.Add(new FrontierRow { RunId = last.Id, Url = hits[2].Listing!.Url, Host = "shop.example", State = Touchstone.Crawling.Frontier.FrontierState.Failed, Reason = "http-404", HttpStatus = 404 });
        await db.SaveChangesAsync(Stop);
    }

    /// <summary>A notice that was sent, answered and looked at, and a draft beside it.</summary>
    private static async Task<long> NoticeAsync(TouchstoneDb db, long caseId, long hitId)
    {
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        var link = new NoticeLinkRow { HitId = hitId, Url = "https://shop.example/p" };
        link.Checks.Add(new OutcomeCheckRow { At = now, Seen = SeenOutcome.StillOffered, Detail = "The offer is still there.", FinalUrl = link.Url });
        var sent = new NoticeRow { CaseId = caseId, Kind = NoticeKind.ShopRequest, State = NoticeState.Sent, Language = "de", Recipient = "contact@shop.example", CreatedBy = "test", CreatedAt = now, SentBy = "test", SentAt = now, Subject = "Bitte", Text = "# Warum\nGefahr\n- eins", ReplyUntil = now.AddDays(9), Links = { link } };
        sent.Replies.Add(new NoticeReplyRow { Kind = ReplyKind.Appeal, Text = "Nein.", At = now, AttachmentName = "a.pdf", AttachmentSha256 = new string('a', 64) });
        db.Notices.AddRange(sent, new NoticeRow { CaseId = caseId, Kind = NoticeKind.DsaNotice, Language = "en", CreatedBy = "test", CreatedAt = now, Links = { new NoticeLinkRow { HitId = hitId, Url = link.Url } } });
        db.BlockEntries.Add(new BlockEntryRow { Kind = BlockKind.Host, Value = $"{Guid.NewGuid():N}.example", Reason = "Fakes only.", ListedBy = "test", ListedAt = now });
        await db.SaveChangesAsync(Stop);
        return sent.Id;
    }

    /// <summary>A seller of a hit's shop, whose page states what another shop states, too.</summary>
    private static async Task<(long Shop, long Seller)> SellerAsync(ServerFixture server, long hit)
    {
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        await using TouchstoneDb db = await server.OpenAsync();
        ListingRow listing = await db.Hits.Where(h => h.Id == hit).Select(h => h.Listing!).SingleAsync(Stop);
        await SellerStore.NoteAsync(db, listing, "Bright Trading", PageTraits.Of("<p>VAT DE 123456788</p><a href='mailto:info@bright.example'>mail</a>"), now, Stop);
        var other = new ListingRow { Shop = new ShopRow { Host = $"{Guid.NewGuid():N}.example", FirstSeenAt = now }, Url = $"https://{Guid.NewGuid():N}.example/p", FirstSeenAt = now, LastSeenAt = now };
        db.Listings.Add(other);
        await db.SaveChangesAsync(Stop);
        await SellerStore.NoteAsync(db, other, null, PageTraits.Of("USt-IdNr.: DE123456788"), now, Stop);
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
