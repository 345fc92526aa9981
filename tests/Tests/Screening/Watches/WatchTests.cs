using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Touchstone.Screening;
using Touchstone.Screening.Audit;
using Touchstone.Screening.Cases;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Screening.Watches;
using Touchstone.Tests.Fixtures;
using Touchstone.Tests.Screening.Screenings;
using Touchstone.Vision.Imaging;

namespace Touchstone.Tests.Screening.Watches;

/// <summary>Offers that are removed and come back: whole searches of a shop, with the model and the profile of the product.</summary>
public sealed class WatchTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("equal")]
    [InlineData("recompressed")]
    [InlineData("mirrored")]
    [InlineData("cropped")]
    [InlineData("overlaid")]
    public async Task A_removed_offer_is_known_again_by_its_picture_however_it_was_edited(string edit)
    {
        await using Watched at = await Watched.StartAsync();
        WatchRow watch = await at.RemoveAsync();
        at.Clock.Advance(TimeSpan.FromDays(5));
        at.Shop.Offer(5, "8.50", Edited(edit));
        await at.Shop.SearchAsync(5);
        Assert.Equal(1, await at.CompareAsync());

        await using TouchstoneDb db = await at.Shop.Core.OpenAsync();
        ReturnRow back = await db.Returns.Include(r => r.Hit!.Match!.Screening).Include(r => r.Listing).SingleAsync(Stop);
        Assert.Equal((watch.Id, at.Shop.UrlOf(5), 5), (back.WatchId, back.Listing!.Url, back.Days));
        Assert.Contains(back.Sign, new[] { ReturnSign.SameImage, ReturnSign.SameProduct });
        Assert.Equal((HitState.New, watch.ReferenceId, (long?)null), (back.Hit!.State, back.Hit.ReferenceId, back.Hit.CaseId));
        Assert.InRange(back.Probability!.Value, 0.5, 1);
        Assert.Equal(back.ObservationId, back.Hit.Match!.Screening!.ObservationId);
        // The old case is told, and stays closed.
        CaseRow file = await db.Cases.Include(c => c.Events).SingleAsync(Stop);
        Assert.Equal(CaseState.Closed, file.State);
        CaseEventRow told = file.Events.Single(e => e.Kind == CaseEventKind.Returned);
        Assert.StartsWith($"Hit {watch.HitId}: returned after 5 days", told.Text, StringComparison.Ordinal);
        Assert.Equal(1, await db.Audit.CountAsync(a => a.Action == AuditAction.WatchReturned, Stop));
        Assert.Equal(0, await db.WatchChecks.CountAsync(Stop));

        // Seen again, it is no second return.
        at.Clock.Advance(TimeSpan.FromHours(1));
        at.Shop.Offer(5, "8.40", Edited(edit));
        await at.Shop.SearchAsync(5);
        Assert.Equal(1, await at.CompareAsync());
        Assert.Equal((1, 1), (await db.Returns.CountAsync(Stop), await db.Hits.CountAsync(h => h.Listing!.Url == at.Shop.UrlOf(5) && h.ReferenceId == watch.ReferenceId, Stop)));
    }

    [Fact]
    public async Task Another_product_is_no_return_and_what_was_there_all_along_did_not_return()
    {
        await using Watched at = await Watched.StartAsync();
        at.Shop.Offer(6, "9.95", Drawn.EditedCopy(Drawn.Package(1)));
        await at.Shop.SearchAsync(6);
        at.Clock.Advance(TimeSpan.FromHours(1));
        await at.RemoveAsync();
        at.Clock.Advance(TimeSpan.FromDays(1));
        for (int other = 11; other <= 14; other++)
        {
            at.Shop.Offer(other, "9.95", ImageEncoder.Jpeg(Drawn.Package(other)));
            await at.Shop.SearchAsync(other);
        }
        at.Shop.Offer(6, "9.85", Drawn.EditedCopy(Drawn.Package(1)));
        await at.Shop.SearchAsync(6);
        Assert.Equal(5, await at.CompareAsync());
        await using TouchstoneDb db = await at.Shop.Core.OpenAsync();
        Assert.Equal(0, await db.Returns.CountAsync(Stop));
    }

    [Fact]
    public async Task The_offer_itself_is_back_at_its_address_though_nothing_of_it_changed_and_can_be_removed_again()
    {
        await using Watched at = await Watched.StartAsync();
        WatchRow watch = await at.RemoveAsync();
        at.Clock.Advance(TimeSpan.FromDays(3));
        // Another offer that is as it was has nothing to do with it.
        await at.Shop.SearchAsync(2);
        await at.Shop.SearchAsync(1);
        Assert.Equal(1, await at.CompareAsync());
        await using TouchstoneDb db = await at.Shop.Core.OpenAsync();
        ReturnRow back = await db.Returns.SingleAsync(Stop);
        Assert.Equal((ReturnSign.SameOffer, 3, (long?)watch.HitId), (back.Sign, back.Days, back.HitId));
        Assert.Equal(HitState.Confirmed, (await db.Hits.SingleAsync(h => h.Id == watch.HitId, Stop)).State);

        at.Clock.Advance(TimeSpan.FromHours(1));
        VerbOutcome<WatchRow> again = await new StartWatch(watch.HitId, "gone again").RunAsync(at.Shop.By(db), Stop);
        Assert.NotEqual(watch.Id, again.Value!.Id);
        at.Clock.Advance(TimeSpan.FromDays(2));
        await at.Shop.SearchAsync(1);
        await at.CompareAsync();
        Assert.Equal([(watch.Id, 3), (again.Value.Id, 2)], (await db.Returns.AsNoTracking().OrderBy(r => r.Id).ToListAsync(Stop)).Select(r => (r.WatchId, r.Days)));
    }

    [Fact]
    public async Task Numbers_and_the_sellers_title_tell_a_return_without_a_picture_and_ended_watches_tell_nothing()
    {
        await using Watched at = await Watched.StartAsync();
        await using TouchstoneDb db = await at.Shop.Core.OpenAsync();
        await db.Observations.ExecuteUpdateAsync(s => s.SetProperty(o => o.Gtin, "4006381333931").SetProperty(o => o.Name, "Magnetic balls, 216 pieces, silver"), Stop);
        WatchRow watch = await at.RemoveAsync();
        at.Clock.Advance(TimeSpan.FromDays(9));
        await at.SeenAsync(7, o => o.Gtin = "04006381333931");
        await at.SeenAsync(8, o => o.Name = "Magnetic balls 216 pieces (silver)");
        await at.SeenAsync(9, o => o.Name = "Magnetic balls 216 pieces (silver)", "other.example");
        Assert.Equal(3, await at.CompareAsync());
        List<ReturnRow> returns = await db.Returns.AsNoTracking().Include(r => r.Hit).OrderBy(r => r.Id).ToListAsync(Stop);
        Assert.Equal([ReturnSign.SameIdentifier, ReturnSign.SameSeller], returns.Select(r => r.Sign));
        Assert.Equal((Relation.SameIdentifier, Verdict.Review), (returns[0].Hit!.Relation, returns[0].Hit!.Verdict));
        // A title promises no probability: somebody has to look.
        Assert.Equal((null, (long?)null), (returns[1].Probability, returns[1].HitId));

        Assert.True((await new DismissReturn(returns[1].Id, "another thing").RunAsync(at.Shop.By(db), Stop)).Done);
        Assert.Single((await WatchQueries.ReturnsAsync(db, new ReturnFilter(Dismissed: false), null, 10, Stop)).Items);
        Assert.True((await new EndWatch(watch.Id, "given up").RunAsync(at.Shop.By(db), Stop)).Done);
        await at.SeenAsync(10, o => o.Gtin = "4006381333931");
        at.Shop.Offer(5, "8.50", Edited("mirrored"));
        await at.Shop.SearchAsync(5);
        Assert.Equal((0, 2), (await at.CompareAsync(), await db.Returns.CountAsync(Stop)));
        await at.Shop.Core.Get<WatchGallery>().FollowAsync(Stop);
        Assert.Equal(0, at.Shop.Core.Get<WatchGallery>().Pictures.Count);
    }

    [Fact]
    public async Task A_worker_that_was_killed_leaves_what_the_next_one_does_once()
    {
        await using Watched at = await Watched.StartAsync();
        await at.RemoveAsync();
        at.Clock.Advance(TimeSpan.FromDays(1));
        at.Shop.Offer(5, "8.50", Edited("equal"));
        await at.Shop.SearchAsync(5);
        WatchLease killed = (await at.Shop.Core.Get<WatchQueue>().TakeAsync("killed", Stop))!;
        Assert.Equal(0, await at.CompareAsync());
        at.Clock.Advance(WatchQueue.LeaseTime + TimeSpan.FromSeconds(1));
        // The next process holds nothing in memory.
        await using TestCore restarted = await TestCore.StartAsync(of: at.Shop.Core);
        Assert.True(await restarted.Get<WatchRunner>().RunNextAsync("next", Stop));
        await using TouchstoneDb db = await at.Shop.Core.OpenAsync();
        Assert.Equal((1, 0), (await db.Returns.CountAsync(Stop), await db.WatchChecks.CountAsync(Stop)));
        // Who was late writes nothing more.
        ObservationRow seen = await db.Observations.Include(o => o.Listing).SingleAsync(o => o.Id == killed.Id, Stop);
        Assert.Null(await new ReturnStore(at.Shop.Core.Get<IDbContextFactory<TouchstoneDb>>(), at.Clock).SaveAsync(killed, seen, null, [], null!, Stop));
    }

    [Fact]
    public async Task A_confirmed_offer_that_a_run_finds_gone_is_watched_for_and_a_case_that_is_closed_as_removed_watches_its_offers()
    {
        await using Watched at = await Watched.StartAsync();
        long hit = await at.ConfirmAsync(1), other = await at.ConfirmAsync(2);
        await using TouchstoneDb db = await at.Shop.Core.OpenAsync();
        at.Clock.Advance(TimeSpan.FromHours(1));
        at.Shop.TakeAway(1);
        await at.Shop.SearchAsync(1);
        WatchRow watch = await db.Watches.AsNoTracking().SingleAsync(Stop);
        Assert.Equal((hit, "touchstone"), (watch.HitId, watch.StartedBy));
        Assert.Contains("404", watch.Because, StringComparison.Ordinal);

        long file = (await new OpenCase([hit, other]).RunAsync(at.Shop.By(db), Stop)).Value!.Case.Id;
        VerbOutcome<CaseRow> closed = await new CloseCase(file, CaseOutcome.OffersRemoved, "both are gone").RunAsync(at.Shop.By(db), Stop);
        Assert.True(closed.Done, closed.Detail);
        Assert.Equal([hit, other], await db.Watches.OrderBy(w => w.HitId).Select(w => w.HitId).ToListAsync(Stop));
        Assert.Equal(2, await db.Audit.CountAsync(a => a.Action == AuditAction.WatchStarted, Stop));
        Assert.True((await AuditLog.VerifyAsync(db, Stop)).Whole);
    }

    [Fact]
    public async Task A_watch_is_refused_where_nothing_could_return()
    {
        await using Watched at = await Watched.StartAsync();
        await using TouchstoneDb db = await at.Shop.Core.OpenAsync();
        long hit = await at.ConfirmAsync(1);
        VerbContext by = at.Shop.By(db);
        Assert.Equal(Refusal.NotFound, (await new StartWatch(4711, "gone").RunAsync(by, Stop)).Refusal);
        Assert.Equal(Refusal.Invalid, (await new StartWatch(hit, " ").RunAsync(by, Stop)).Refusal);
        Assert.Equal(Refusal.Invalid, (await new StartWatch(hit, "gone", at.Clock.GetUtcNow().AddDays(1)).RunAsync(by, Stop)).Refusal);
        Assert.Equal(Refusal.Invalid, (await new StartWatch(hit, "gone", at.Clock.GetUtcNow().AddYears(-1)).RunAsync(by, Stop)).Refusal);
        await db.Hits.ExecuteUpdateAsync(s => s.SetProperty(h => h.State, HitState.New), Stop);
        Assert.Equal(Refusal.Conflict, (await new StartWatch(hit, "gone").RunAsync(by, Stop)).Refusal);
        Assert.Equal(0, await db.Watches.CountAsync(Stop));
    }

    [Fact]
    public async Task What_was_seen_between_the_removal_and_the_watch_is_compared_too()
    {
        await using Watched at = await Watched.StartAsync();
        long hit = await at.ConfirmAsync(1);
        DateTimeOffset removed = at.Clock.GetUtcNow();
        at.Clock.Advance(TimeSpan.FromDays(2));
        at.Shop.Offer(5, "8.50", Edited("recompressed"));
        await at.Shop.SearchAsync(5);
        at.Clock.Advance(TimeSpan.FromDays(1));
        await using TouchstoneDb db = await at.Shop.Core.OpenAsync();
        VerbOutcome<WatchRow> begun = await new StartWatch(hit, "gone since", removed).RunAsync(at.Shop.By(db), Stop);
        Assert.True(begun.Done, begun.Detail);
        Assert.Equal(1, await at.CompareAsync());
        Assert.Equal(2, (await db.Returns.SingleAsync(Stop)).Days);
    }

    [Fact]
    public async Task The_case_opens_again_with_the_return_when_a_person_says_so()
    {
        await using Watched at = await Watched.StartAsync();
        WatchRow watch = await at.RemoveAsync();
        at.Clock.Advance(TimeSpan.FromDays(5));
        at.Shop.Offer(5, "8.50", Edited("equal"));
        await at.Shop.SearchAsync(5);
        await at.CompareAsync();
        await using TouchstoneDb db = await at.Shop.Core.OpenAsync();
        ReturnRow back = await db.Returns.AsNoTracking().SingleAsync(Stop);
        VerbOutcome<CaseRow> taken = await new TakeReturn(back.Id).RunAsync(at.Shop.By(db), Stop);
        Assert.True(taken.Done, taken.Detail);
        Assert.Equal((CaseState.Reopened, 2), (taken.Value!.State, await db.Hits.CountAsync(h => h.CaseId == taken.Value.Id, Stop)));
        Assert.Equal(watch.HitId, (await WatchQueries.ListAsync(db, new WatchFilter(CaseId: taken.Value.Id, Returned: true), null, 10, Stop)).Items.Single().HitId);
    }

    [Theory, InlineData(DatabaseProvider.Sqlite), InlineData(DatabaseProvider.PostgreSql)]
    public async Task Watches_start_return_and_end_on_either_database(DatabaseProvider provider)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(provider);
        var clock = new ManualClock();
        await using TouchstoneDb db = database.CreateDbContext();
        HitRow hit = await SampleHits.AddAsync(db);
        await db.Hits.ExecuteUpdateAsync(s => s.SetProperty(h => h.State, HitState.Confirmed), Stop);
        db.ChangeTracker.Clear();
        var by = new VerbContext(db, "anna", clock);
        WatchRow watch = (await new StartWatch(hit.Id, "gone").RunAsync(by, Stop)).Value!;
        Assert.Equal(watch.Id, (await new StartWatch(hit.Id, "gone").RunAsync(by, Stop)).Value!.Id);
        clock.Advance(TimeSpan.FromDays(1));
        HitRow later = await SampleHits.AddAsync(db, await db.References.SingleAsync(Stop));
        await db.Listings.Where(l => l.Id == later.ListingId).ExecuteUpdateAsync(s => s.SetProperty(l => l.FirstSeenAt, clock.GetUtcNow()), Stop);
        db.Returns.Add(new ReturnRow { WatchId = watch.Id, ListingId = later.ListingId!.Value, ObservationId = await db.Observations.MaxAsync(o => o.Id, Stop), HitId = later.Id, Sign = ReturnSign.SameImage, Probability = 0.9, ReturnedAt = clock.GetUtcNow(), Days = 1 });
        await db.SaveChangesAsync(Stop);
        Assert.Equal(hit.Id, (await WatchQueries.ReturnsAsync(db, new ReturnFilter(HitId: later.Id), null, 10, Stop)).Items.Single().OldHitId);
        Assert.Equal(1, (await WatchQueries.ListAsync(db, new WatchFilter(Standing: true, Returned: true), null, 10, Stop)).Items.Single().Returns);
        Assert.True((await new EndWatch(watch.Id, "enough").RunAsync(by, Stop)).Done);
        Assert.Equal(Refusal.Conflict, (await new EndWatch(watch.Id, "enough").RunAsync(by, Stop)).Refusal);
        Assert.Empty((await WatchQueries.ListAsync(db, new WatchFilter(Standing: true), null, 10, Stop)).Items);
        var queue = new WatchQueue(database, clock);
        await queue.SightedAsync(1, 1, unchanged: false, Stop);
        Assert.Null(await queue.TakeAsync("w", Stop));
    }

    private static byte[] Edited(string how)
    {
        RgbImage shown = Drawn.Package(1);
        return how switch
        {
            "equal" => ImageEncoder.Jpeg(shown),
            "recompressed" => ImageEncoder.Jpeg(ImageOperations.Resize(shown, 320, 320), 40),
            "mirrored" => ImageEncoder.Jpeg(ImageOperations.Flip(shown), 70),
            "cropped" => ImageEncoder.Jpeg(ImageOperations.Crop(shown, 70, 40, 240, 280), 80),
            _ => ImageEncoder.Jpeg(ImageOperations.CompositeOver(shown, ImageOperations.RasteriseSvg("<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 400 60'><rect width='400' height='60' fill='#c00'/><text x='12' y='44' font-size='40' fill='#fff'>SALE 50 % OFF TODAY</text></svg>", 400, 60), 0, 0), 85),
        };
    }
}
