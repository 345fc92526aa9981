using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Touchstone.Crawling.Frontier;
using Touchstone.Crawling.Rendering;
using Touchstone.Crawling;
using Touchstone.Crawling.Fetching;
using Touchstone.Recognition.Gallery;
using Touchstone.Screening.Cases;
using Touchstone.Screening.Features;
using Touchstone.Screening.Hits;
using Touchstone.Screening.References;
using Touchstone.Screening.Screenings;
using Touchstone.Screening.Searches;
using Touchstone.Screening.Storage.Blobs;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Screening.Storage;
using Touchstone.Screening;
using Touchstone.Tests.Screening.Screenings;
using Touchstone.Vision.Imaging;

namespace Touchstone.Tests.Screening.Searches;

/// <summary>Whole searches of a real page: what a run keeps, what it knows of its hits, and what later runs may change of that.</summary>
public sealed class SearchRunTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_run_lists_its_hits_and_those_of_no_other_also_where_nothing_changed()
    {
        await using LoopbackShop shop = await StartAsync();
        shop.Offer(1, "9.95", Drawn.EditedCopy(Drawn.Package(1)));
        shop.Offer(2, "9.95", Drawn.EditedCopy(Drawn.Package(2)));
        SearchRunRow one = await shop.SearchAsync(1), two = await shop.SearchAsync(2);
        SearchRunRow again = await shop.AgainAsync(one);
        Assert.Equal((1, 1, 1, 0), (again.Listings, again.ListingsUnchanged, again.Hits, again.ImagesDescribed));

        HitRow ofOne = Assert.Single(await shop.HitsOfAsync(one)), ofTwo = Assert.Single(await shop.HitsOfAsync(two));
        Assert.Equal((shop.UrlOf(1), "package 1"), (ofOne.Listing!.Url, ofOne.Reference!.Title));
        Assert.Equal((shop.UrlOf(2), "package 2"), (ofTwo.Listing!.Url, ofTwo.Reference!.Title));
        Assert.Equal(ofOne.Id, Assert.Single(await shop.HitsOfAsync(again)).Id);
        await using TouchstoneDb db = await shop.Core.OpenAsync();
        Assert.Equal((2, 2), (await db.Observations.CountAsync(Stop), await db.Screenings.CountAsync(Stop)));
        Assert.Equal(3, await db.RunObservations.CountAsync(Stop));
        Assert.DoesNotContain(await SearchQueries.GapsOfRunAsync(db, again.Id, Stop), g => g.What == "Undetermined listings");
    }

    [Theory]
    [InlineData("gtin")]
    [InlineData("kind")]
    [InlineData("territory")]
    [InlineData("expiry")]
    public async Task What_changes_of_a_reference_reaches_listings_that_did_not_change(string what)
    {
        await using LoopbackShop shop = await StartAsync();
        shop.Offer(1, "9.95", Drawn.EditedCopy(Drawn.Package(1)));
        SearchRunRow run = await shop.SearchAsync(1);
        Assert.Equal(1, (await shop.AgainAsync(run)).ListingsUnchanged);
        await using TouchstoneDb db = await shop.Core.OpenAsync();
        ReferenceRow reference = await db.References.SingleAsync(r => r.Title == "package 1", Stop);
        if (what == "gtin") db.ReferenceIdentifiers.Add(new ReferenceIdentifierRow { ReferenceId = reference.Id, Scheme = "Gtin", Value = "4006381333931", Valid = true });
        if (what == "kind") reference.Kind = ReferenceKind.GenuineProduct;
        if (what == "territory") reference.Territory = "DE";
        if (what == "expiry") reference.ExpiresOn = new DateOnly(2020, 1, 1);
        await db.SaveChangesAsync(Stop);
        SearchRunRow later = await shop.AgainAsync(run);
        Assert.Equal((1, 0, 0), (later.Listings, later.ListingsUnchanged, later.ImagesDescribed));
        ScreeningRow newest = await db.Screenings.OrderByDescending(s => s.Id).FirstAsync(Stop);
        Assert.Equal(shop.Core.Follower.Status.Sequence, newest.GallerySequence);
        Assert.Equal(1, (await shop.AgainAsync(run)).ListingsUnchanged);
    }

    [Fact]
    public async Task A_listing_that_was_rejected_and_then_shows_another_picture_opens_again_and_says_why()
    {
        await using LoopbackShop shop = await StartAsync();
        shop.Offer(1, "9.95", Drawn.EditedCopy(Drawn.Package(1)));
        SearchRunRow run = await shop.SearchAsync(1);
        await DecideAsync(shop, HitDecision.Reject);
        shop.Offer(1, "8.95", Drawn.EditedCopy(Drawn.Package(1)));
        await shop.AgainAsync(run);
        Assert.Equal(HitState.Rejected, (await HitAsync(shop)).State);

        shop.Offer(1, "8.95", ImageEncoder.Jpeg(ImageOperations.Crop(Drawn.Package(1), 20, 10, 360, 380), 80));
        SearchRunRow later = await shop.AgainAsync(run);
        HitRow hit = await HitAsync(shop);
        Assert.Equal(HitState.New, hit.State);
        Assert.Contains("Another picture matches", hit.ReopenedBecause, StringComparison.Ordinal);
        Assert.Equal(hit.Id, Assert.Single(await shop.HitsOfAsync(later)).Id);
        Assert.Equal(HitState.Rejected, Assert.Single(hit.Decisions).State);
    }

    [Fact]
    public async Task A_confirmed_hit_shows_the_match_and_the_page_on_which_it_was_confirmed_after_three_more_crawls()
    {
        await using LoopbackShop shop = await StartAsync();
        shop.Offer(1, "9.95", Drawn.EditedCopy(Drawn.Package(1)));
        SearchRunRow run = await shop.SearchAsync(1);
        await DecideAsync(shop, HitDecision.Confirm);
        HitRow before = await HitAsync(shop);
        shop.Offer(1, "7.00", ImageEncoder.Jpeg(Drawn.Package(1)));
        await shop.AgainAsync(run);
        shop.Offer(1, "6.00", ImageEncoder.Jpeg(Drawn.Bottle()));
        await shop.AgainAsync(run);
        await shop.AgainAsync(run);

        HitRow after = await HitAsync(shop);
        Assert.Equal((HitState.Confirmed, before.MatchId, before.Probability, before.Relation), (after.State, after.MatchId, after.Probability, after.Relation));
        ObservationRow seen = after.Match!.Screening!.Observation!;
        Assert.Equal((9.95m, after.Match.ImageSha256), (seen.Price, Assert.Single(seen.Images).ImageSha256));
        string page = System.Text.Encoding.UTF8.GetString((await shop.Core.Get<IBlobStore>().GetAsync(seen.PageSha256!, Stop))!);
        Assert.Contains("9.95 EUR", page, StringComparison.Ordinal);
        ObservationExchangeRow exchange = Assert.Single(seen.Exchanges);
        Assert.Equal((shop.UrlOf(1), false, true), (exchange.Url, exchange.IsResource, exchange.IsWhole));
        Assert.StartsWith("GET /p/1 HTTP/1.1", System.Text.Encoding.Latin1.GetString(exchange.RequestHead), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 200", System.Text.Encoding.Latin1.GetString(exchange.ResponseHead), StringComparison.Ordinal);
        Assert.Contains("9.95 EUR", System.Text.Encoding.UTF8.GetString((await shop.Core.Get<IBlobStore>().GetAsync(exchange.BodySha256!, Stop))!), StringComparison.Ordinal);
        await using TouchstoneDb db = await shop.Core.OpenAsync();
        HitHistory history = await HitHistory.ReadAsync(db, after, Stop);
        Assert.Equal([(6m, false), (7m, false), (9.95m, true)], history.Observations.Select(o => (o.Price!.Value, o.Shown)));
        Assert.Null(history.Observations[0].Relation);
        Assert.NotNull(history.Observations[1].Relation);
    }

    [Fact]
    public async Task The_picture_of_a_search_is_asked_by_that_search_alone()
    {
        await using LoopbackShop shop = await StartAsync();
        byte[] searched = ImageEncoder.Png(Drawn.Package(30));
        shop.Offer(1, "9.95", Drawn.EditedCopy(Drawn.Package(30)));
        string sha256 = (await shop.Core.Get<FeatureStore>().ReadAsync(searched, Stop)).Sha256;
        SearchRunRow run = await shop.SearchAsync(1, picture: sha256);
        HitRow hit = Assert.Single(await shop.HitsOfAsync(run));
        Assert.Equal((ReferenceKind.SearchedPicture, sha256), (hit.Reference!.Kind, hit.Match!.ReferenceImageSha256));

        // To everybody else it is no reference: not to another search, not to a screening, not to the gallery and the registers.
        Assert.Empty(await shop.HitsOfAsync(await shop.SearchAsync(1)));
        await shop.Core.Follower.RefreshAsync(null, Stop);
        Assert.Empty(shop.Core.Get<ReferenceGallery>().ImagesOf(hit.ReferenceId));
        ScreeningOutcome screened = await shop.Core.Pipeline.ScreenAsync(new ScreeningInput { Images = [new ScreeningImage(null, Drawn.EditedCopy(Drawn.Package(30)))] }, Stop);
        Assert.Equal((Verdict.NoMatch, 0), (screened.Verdict, screened.Matches.Count));
        await using TouchstoneDb db = await shop.Core.OpenAsync();
        Assert.DoesNotContain((await ReferenceQueries.ListAsync(db, new ReferenceFilter(), null, 10, Stop)).Items, r => r.Id == hit.ReferenceId);
        Assert.Equal(Refusal.NotFound, (await CreateSearch.RunAsync(shop.By(db), new CreateSearch.Request(null, [shop.UrlOf(1)], hit.ReferenceId, null, null), Stop)).Refusal);
        Assert.Equal(Refusal.Invalid, (await CreateSearch.RunAsync(shop.By(db), new CreateSearch.Request(null, [shop.UrlOf(1)], 1, sha256, null), Stop)).Refusal);
    }

    [Fact]
    public async Task Pictures_that_the_limit_leaves_unread_are_not_fetched_are_said_and_leave_the_verdict_open()
    {
        await using LoopbackShop shop = await StartAsync(s => s.AddSingleton(new ScreeningOptions { PicturesPerListing = 2 }));
        byte[][] others = [ImageEncoder.Jpeg(Drawn.Bottle(), 90), ImageEncoder.Jpeg(Drawn.Bottle(), 80), ImageEncoder.Jpeg(Drawn.Package(1))];
        shop.Offer(1, "9.95", others);
        SearchRunRow run = await shop.SearchAsync(1);
        Assert.Equal((1, 0), (run.Undetermined, run.Hits));
        await using TouchstoneDb db = await shop.Core.OpenAsync();
        ScreeningRow screening = await db.Screenings.AsNoTracking().Include(s => s.Observation!.Images).SingleAsync(Stop);
        Assert.Equal((Verdict.Undetermined, UndeterminedReason.ImagesLeftUnread), (screening.Verdict, screening.Reason));
        Assert.Contains("1 of 3 pictures were not read", screening.Detail, StringComparison.Ordinal);
        Assert.Equal([true, true, false], screening.Observation!.Images.OrderBy(i => i.Position).Select(i => i.FetchedAt is not null));
        Assert.Equal("ImagesLeftUnread", Assert.Single(await SearchQueries.GapsOfRunAsync(db, run.Id, Stop), g => g.What == "Undetermined listings").Reason);

        // What was read and matches is a match all the same, and says what was not read.
        shop.Offer(2, "9.95", Drawn.EditedCopy(Drawn.Package(2)), others[0], others[1]);
        await shop.SearchAsync(2);
        ScreeningRow matched = await db.Screenings.AsNoTracking().OrderByDescending(s => s.Id).FirstAsync(Stop);
        Assert.Equal((Verdict.Match, (UndeterminedReason?)null), (matched.Verdict, matched.Reason));
        Assert.Contains("1 of 3 pictures were not read", matched.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pictures_beyond_the_bytes_of_a_listing_are_not_fetched_are_said_and_leave_the_verdict_open()
    {
        await using LoopbackShop shop = await StartAsync(s => s.AddSingleton(new ScreeningOptions { BytesPerListing = 1 }));
        shop.Offer(1, "9.95", ImageEncoder.Jpeg(Drawn.Bottle(), 90), ImageEncoder.Jpeg(Drawn.Package(1)));
        SearchRunRow run = await shop.SearchAsync(1);
        Assert.Equal((1, 0), (run.Undetermined, run.Hits));
        await using TouchstoneDb db = await shop.Core.OpenAsync();
        ScreeningRow screening = await db.Screenings.AsNoTracking().Include(s => s.Observation!.Images).SingleAsync(Stop);
        Assert.Equal(Verdict.Undetermined, screening.Verdict);
        Assert.Equal([true, false], screening.Observation!.Images.OrderBy(i => i.Position).Select(i => i.FetchedAt is not null));
    }

    [Fact]
    public async Task A_shop_whose_pages_broke_in_the_browser_is_said_to_be_not_searched()
    {
        await using LoopbackShop shop = await StartAsync();
        shop.Offer(1, "9.95", ImageEncoder.Jpeg(Drawn.Bottle(), 90));
        SearchRunRow run = await shop.SearchAsync(1);
        await using TouchstoneDb db = await shop.Core.OpenAsync();
        foreach ((RenderFailure failure, UnsearchedReason reason) in Enum.GetValues<RenderFailure>().Select(f => (f, Enum.Parse<UnsearchedReason>($"{f}"))))
        {
            await db.Frontier.Where(f => f.RunId == run.Id && f.Kind == FrontierKind.Page).ExecuteUpdateAsync(s => s.SetProperty(f => f.State, FrontierState.Done).SetProperty(f => f.Reason, $"page:{CrawlReasons.Of(failure)}"), Stop);
            UnsearchedShop unsearched = Assert.Single(await SearchQueries.UnsearchedShopsOfRunAsync(db, run.Id, Stop));
            Assert.Equal((reason, true), (unsearched.Reason, unsearched.WantsBrowser));
            CoverageGap gap = Assert.Single(await SearchQueries.GapsOfRunAsync(db, run.Id, Stop), g => g.What == CoverageGap.UnsearchedShops);
            Assert.Equal(RenderRemedy.Of(failure), gap.Meaning);
        }
    }

    [Fact]
    public async Task A_shop_at_an_internal_address_is_said_to_be_not_allowed()
    {
        await using LoopbackShop shop = await StartAsync();
        SearchRunRow run = await shop.SearchAsync(1);
        await using TouchstoneDb db = await shop.Core.OpenAsync();
        await db.Frontier.Where(f => f.RunId == run.Id).ExecuteUpdateAsync(s => s.SetProperty(f => f.State, FrontierState.Skipped).SetProperty(f => f.Reason, RetryPolicy.Reason(FetchFailure.ForbiddenAddress, 0)), Stop);
        UnsearchedShop unsearched = Assert.Single(await SearchQueries.UnsearchedShopsOfRunAsync(db, run.Id, Stop));
        Assert.Equal(UnsearchedReason.Internal, unsearched.Reason);
        Assert.Contains("--allow-host", unsearched.Remedy, StringComparison.Ordinal);
    }

    private static async Task<LoopbackShop> StartAsync(Action<IServiceCollection>? configure = null)
    {
        LoopbackShop shop = await LoopbackShop.StartAsync(configure);
        for (int i = 1; i <= 4; i++) await shop.Core.AddReferenceAsync($"package {i}", ImageEncoder.Png(Drawn.Package(i)));
        await shop.Core.Follower.RefreshAsync(null, Stop);
        // What a run screened while texts were still read is screened again once they are.
        await shop.Core.Follower.ReadTextsAsync(null, Stop);
        return shop;
    }

    private static async Task DecideAsync(LoopbackShop shop, HitDecision decision)
    {
        await using TouchstoneDb db = await shop.Core.OpenAsync();
        VerbOutcome<HitRow> outcome = await new DecideHit((await db.Hits.SingleAsync(Stop)).Id, decision).RunAsync(shop.By(db), Stop);
        Assert.True(outcome.Done, outcome.Detail);
    }

    private static async Task<HitRow> HitAsync(LoopbackShop shop)
    {
        await using TouchstoneDb db = await shop.Core.OpenAsync();
        return await db.Hits.AsNoTracking().Include(h => h.Decisions).Include(h => h.Match!.Screening!.Observation!.Images).Include(h => h.Match!.Screening!.Observation!.Exchanges).SingleAsync(Stop);
    }
}
