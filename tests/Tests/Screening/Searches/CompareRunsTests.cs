using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Touchstone.Crawling.Extraction.Facts;
using Touchstone.Crawling.Frontier;
using Touchstone.Screening;
using Touchstone.Screening.Searches;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Server.Queries;
using Touchstone.Tests.Crawling;
using Touchstone.Tests.Fixtures;
using Touchstone.Tests.Screening.Screenings;
using Touchstone.Vision.Imaging;

namespace Touchstone.Tests.Screening.Searches;

/// <summary>What differs between two runs: nothing is called gone that the later run did not ask for and find gone.</summary>
public sealed class CompareRunsTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_runs_over_a_shop_that_changed_tell_what_is_new_changed_gone_and_not_seen_again()
    {
        byte[] first = ImageEncoder.Png(Drawn.Package(7)), second = ImageEncoder.Png(Drawn.Package(8));
        await using LoopbackSite shop = await LoopbackSite.StartAsync();
        string[] names = ["Same", "Cheaper", "Repainted", "Missing", "Emptied", "Unlinked", "Broken"];
        shop.Html("/", CrawlHarness.List([.. names.Select(n => $"/product/{n}")]));
        foreach (string name in names) shop.Html($"/product/{name}", CrawlHarness.Product(name));
        foreach (string name in names.Append("Added").Append("Repainted2")) Picture(shop, name, name == "Repainted2" ? second : first);
        await using TestCore core = await TestCore.StartAsync(crawling: x => x.Politeness.MinInterval = TimeSpan.Zero);
        await using TouchstoneDb db = await core.OpenAsync();
        var context = new VerbContext(db, "anna", core.Get<TimeProvider>());
        SearchRunRow run = (await CreateSearch.RunAsync(context, new CreateSearch.Request(null, [shop.Url("/")], null, null, null), Stop)).Value!;
        SearchRunRow earlier = (await core.Get<SearchRunner>().RunNextAsync("test", run.Id, null, Stop))!;
        Assert.Equal((RunState.Finished, names.Length), (earlier.State, earlier.Listings));

        shop.Html("/", CrawlHarness.List(["/product/Added", .. names.Where(n => n != "Unlinked").Select(n => $"/product/{n}")]));
        shop.Html("/product/Added", CrawlHarness.Product("Added")).Html("/product/Cheaper", CrawlHarness.Product("Cheaper").Replace("9.99", "4.50", StringComparison.Ordinal));
        shop.Html("/product/Repainted", CrawlHarness.Product("Repainted").Replace("/i/Repainted.jpg", "/i/Repainted2.jpg", StringComparison.Ordinal));
        shop.On("/product/Missing", c => Status(c, 404)).On("/product/Broken", c => Status(c, 403)).Html("/product/Emptied", CrawlHarness.List("/"));
        SearchRunRow again = (await new QueueRun(run.SearchId).RunAsync(context, Stop)).Value!;
        SearchRunRow later = (await core.Get<SearchRunner>().RunNextAsync("test", again.Id, null, Stop))!;
        Assert.Equal(RunState.Finished, later.State);

        (SearchRunRow From, SearchRunRow To) last = (await CompareRuns.LastTwoAsync(db, run.SearchId, Stop))!.Value;
        Assert.Equal((earlier.Id, later.Id), (last.From.Id, last.To.Id));
        CompareRuns compared = await CompareRuns.ReadAsync(db, last.From, last.To, Stop);
        Dictionary<string, OfferDifference> found = (await compared.PartAsync(null, null, 100, Stop)).ToDictionary(d => (d.After ?? d.Before)!.Name!, StringComparer.Ordinal);
        Assert.Equal(
            ["Added New  ", "Broken NotSeenAgain  http-403", "Cheaper Changed Price ", "Emptied Gone  no-offer", "Missing Gone  http-404", "Repainted Changed Pictures ", "Unlinked NotSeenAgain  not-led-to"],
            found.OrderBy(d => d.Key, StringComparer.Ordinal).Select(d => $"{d.Key} {d.Value.Change} {string.Join(',', d.Value.Facts)} {d.Value.Reason}"));
        Assert.Equal((9.99m, 4.50m), (found["Cheaper"].Before!.Price, found["Cheaper"].After!.Price));
        Assert.NotEqual(found["Repainted"].Before!.Pictures, found["Repainted"].After!.Pictures);
        DifferenceCounts counts = compared.Counts;
        Assert.Equal((1, 2, 2, 2, 1, true), (counts.New, counts.Changed, counts.Gone, counts.NotSeenAgain, counts.Unchanged, counts.IsWhole));

        using var csv = new StringWriter(CultureInfo.InvariantCulture);
        await DifferenceCsv.WriteAsync(compared, OfferChange.Changed, csv, Stop);
        Assert.Equal(3, csv.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Contains("9.99,4.5,EUR,EUR", csv.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(RunState.Finished, FrontierState.Failed, "http-410", true, "Gone http-410")]
    [InlineData(RunState.Finished, FrontierState.Failed, "timeout", true, "NotSeenAgain timeout")]
    [InlineData(RunState.Finished, FrontierState.Skipped, "budget", true, "NotSeenAgain budget")]
    [InlineData(RunState.Finished, FrontierState.Skipped, "redirect", true, "NotSeenAgain redirect")]
    [InlineData(RunState.Finished, FrontierState.Done, "page", true, "Gone no-offer")]
    [InlineData(RunState.Finished, FrontierState.Done, "page", false, "NotSeenAgain shop-silent")]
    [InlineData(RunState.Finished, FrontierState.Done, "page:needs-browser", true, "NotSeenAgain page:needs-browser")]
    [InlineData(RunState.Finished, FrontierState.Done, "repeated", true, "NotSeenAgain other-address")]
    [InlineData(RunState.Finished, FrontierState.Done, "listing", true, "NotSeenAgain words")]
    [InlineData(RunState.Finished, null, null, true, "NotSeenAgain not-led-to")]
    [InlineData(RunState.Cancelled, null, null, true, "NotSeenAgain run-stopped")]
    [InlineData(RunState.Failed, FrontierState.Pending, null, true, "NotSeenAgain run-failed")]
    [InlineData(RunState.Paused, FrontierState.Leased, null, true, "NotSeenAgain run-paused")]
    public async Task What_the_later_run_met_at_the_page_says_whether_an_offer_is_gone(RunState state, FrontierState? page, string? reason, bool shopRead, string says)
    {
        foreach (DatabaseProvider provider in (DatabaseProvider[])[DatabaseProvider.Sqlite, DatabaseProvider.PostgreSql])
        {
            await using TestDatabase database = await TestDatabase.CreateAsync(provider);
            await using TouchstoneDb db = database.CreateDbContext();
            ShopRow shop = await SampleHits.AddShopAsync(db);
            HitRow missed = await SampleHits.AddAsync(db, shop: shop), other = await SampleHits.AddAsync(db, shop: shop);
            var search = new SearchRow { Name = "Lamps", ShopUrls = "https://shop.example/", CreatedBy = "anna" };
            SearchRunRow from = new() { Search = search, State = RunState.Finished }, to = new() { Search = search, State = state };
            db.SearchRuns.AddRange(from, to);
            await db.SaveChangesAsync(Stop);
            See(db, from, missed);
            if (shopRead) See(db, to, other);
            db.Frontier.Add(new FrontierRow { RunId = to.Id, Url = $"https://{shop.Host}/", Host = shop.Host, State = FrontierState.Done, Reason = "page" });
            if (page is { } its) db.Frontier.Add(new FrontierRow { RunId = to.Id, Url = missed.Listing!.Url, Host = shop.Host, State = its, Reason = reason });
            await db.SaveChangesAsync(Stop);
            CompareRuns compared = await CompareRuns.ReadAsync(db, from, to, Stop);
            OfferDifference found = Assert.Single(await compared.PartAsync(null, null, 10, Stop), d => d.ListingId == missed.ListingId);
            Assert.Equal(says, $"{found.Change} {found.Reason}");
            Assert.NotEqual(found.Reason, found.Meaning);
            Assert.Equal([missed.Id], found.HitIds);
            Assert.Equal(shopRead ? 1 : 0, compared.Counts.New);
        }
    }

    [Fact]
    public void A_picture_that_was_not_fetched_is_no_changed_picture()
    {
        var before = new OfferState(1, "Lamp", 3m, "EUR", Availability.InStock, null, ["a", "b"]);
        Assert.Empty(CompareRuns.FactsOf(before, before with { ObservationId = 2, Pictures = ["a"], PicturesMissing = 1 }));
        Assert.Empty(CompareRuns.FactsOf(before with { Pictures = ["a"], PicturesMissing = 1 }, before));
        Assert.Equal([OfferFact.Pictures], CompareRuns.FactsOf(before, before with { Pictures = ["a"] }));
        Assert.Equal([OfferFact.Name, OfferFact.Price, OfferFact.Availability, OfferFact.Seller], CompareRuns.FactsOf(before, new(2, "Lamps", 3m, "DKK", Availability.OutOfStock, "Anna", ["a", "b"])));
    }

    [Fact]
    public async Task Where_the_reasons_are_no_longer_kept_an_offer_is_not_called_gone()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        await using TouchstoneDb db = database.CreateDbContext();
        HitRow missed = await SampleHits.AddAsync(db);
        var search = new SearchRow { Name = "Lamps", ShopUrls = "https://shop.example/", CreatedBy = "anna" };
        SearchRunRow from = new() { Search = search, State = RunState.Finished }, to = new() { Search = search, State = RunState.Finished };
        db.SearchRuns.AddRange(from, to);
        await db.SaveChangesAsync(Stop);
        See(db, from, missed);
        await db.SaveChangesAsync(Stop);
        CompareRuns compared = await CompareRuns.ReadAsync(db, from, to, Stop);
        Assert.Equal(new NotSeenReason("no-longer-kept", "the run ended long ago, and the reasons are no longer kept", 1), Assert.Single(compared.Counts.NotSeenBecause));
    }

    private static void See(TouchstoneDb db, SearchRunRow run, HitRow hit) =>
        db.RunObservations.Add(new RunObservationRow { RunId = run.Id, ObservationId = hit.Match!.Screening!.ObservationId!.Value, ScreeningId = hit.Match.ScreeningId });

    private static Task Status(Microsoft.AspNetCore.Http.HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    }

    private static void Picture(LoopbackSite shop, string name, byte[] picture) => shop.On($"/i/{name}.jpg", async context =>
    {
        context.Response.ContentType = "image/png";
        await context.Response.Body.WriteAsync(picture);
    });
}
