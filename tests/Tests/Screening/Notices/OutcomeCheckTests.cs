using System.Text;
using Microsoft.EntityFrameworkCore;
using Touchstone.Crawling;
using Touchstone.Screening;
using Touchstone.Screening.Cases;
using Touchstone.Screening.Notices;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Tests.Crawling;

namespace Touchstone.Tests.Screening.Notices;

/// <summary>With a shop on loopback and the polite fetcher.</summary>
public sealed class OutcomeCheckTests : IAsyncLifetime
{
    private LoopbackSite site = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => site = await LoopbackSite.StartAsync();

    public async ValueTask DisposeAsync() => await site.DisposeAsync();

    public static TheoryData<string, SeenOutcome> Answers => new()
    {
        { "404", SeenOutcome.Gone },
        { "410", SeenOutcome.Gone },
        { "403", SeenOutcome.NotChecked },
        { "429", SeenOutcome.NotChecked },
        { "500", SeenOutcome.NotChecked },
        { "robots", SeenOutcome.NotChecked },
        { "offer", SeenOutcome.StillOffered },
        { "sold out", SeenOutcome.NotOrderable },
        { "moved to a list", SeenOutcome.NoOffer },
        { "moved to a captcha", SeenOutcome.NotChecked },
        { "moved to another offer", SeenOutcome.NotChecked },
        { "moved to the same offer", SeenOutcome.StillOffered },
        { "an article in its place", SeenOutcome.NotChecked },
    };

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task What_is_seen_at_a_link_is_told_and_what_may_have_another_cause_is_never_removed(string shop, SeenOutcome expected)
    {
        Script(shop);
        await using NoticeDesk desk = await NoticeDesk.OpenAsync(url: site.Url("/p"));
        NoticeRow notice = await desk.SendAsync();
        await using var crawl = new CrawlHarness(null, null, site);
        OutcomeChecks checks = Checks(desk, crawl);
        Assert.Equal(0, await checks.RunDueAsync("worker", Stop));
        desk.Clock.Advance(TimeSpan.FromDays(8));
        Assert.Equal(1, await checks.RunDueAsync("worker", Stop));
        OutcomeCheckRow check = await desk.Db.OutcomeChecks.AsNoTracking().SingleAsync(Stop);
        Assert.True(expected == check.Seen, $"{check.Seen}: {check.Detail}");
        if (shop == "robots") Assert.Null(check.ExchangeSha256);
        else Assert.Contains("GET /p HTTP/1.1", Encoding.Latin1.GetString((await desk.Blobs.GetAsync(check.ExchangeSha256!, Stop))!), StringComparison.Ordinal);
        NoticeOutcome outcome = NoticeOutcomes.Of((await NoticeQueries.FindAsync(desk.Db, notice.Id, Stop))!, desk.Clock.GetUtcNow());
        Assert.Equal(expected is SeenOutcome.Gone or SeenOutcome.NoOffer or SeenOutcome.NotOrderable ? NoticeOutcome.Removed : NoticeOutcome.NoAnswer, outcome);
    }

    [Fact]
    public async Task A_link_is_looked_at_once_a_day_as_often_as_planned_and_a_case_is_told_of_what_changes()
    {
        Script("offer");
        await using NoticeDesk desk = await NoticeDesk.OpenAsync(url: site.Url("/p"));
        await desk.SendAsync();
        await using var crawl = new CrawlHarness(null, null, site);
        OutcomeChecks checks = Checks(desk, crawl);
        desk.Clock.Advance(TimeSpan.FromDays(8));
        for (int day = 1; day <= 20; day++)
        {
            if (day == 4) Script("404");
            int[] both = await Task.WhenAll(checks.RunDueAsync("one", Stop), Checks(desk, crawl).RunDueAsync("two", Stop));
            Assert.Equal(day <= 14 ? 1 : 0, both.Sum());
            desk.Clock.Advance(TimeSpan.FromDays(1));
        }
        Assert.Equal(14, await desk.Db.OutcomeChecks.CountAsync(Stop));
        string[] told = await desk.Db.CaseEvents.Where(x => x.Kind == CaseEventKind.LinkChecked).OrderBy(x => x.Id).Select(x => x.Text!).ToArrayAsync(Stop);
        Assert.Equal(2, told.Length);
        Assert.EndsWith("is still offered.", told[0], StringComparison.Ordinal);
        Assert.EndsWith("is gone.", told[1], StringComparison.Ordinal);
        desk.Db.ChangeTracker.Clear();
        Assert.True((await new CheckLinksNow((await desk.Db.Notices.AsNoTracking().SingleAsync(Stop)).Id).RunAsync(desk.Anna, Stop)).Done);
        Assert.Equal(1, await checks.RunDueAsync("one", Stop));
    }

    [Fact]
    public async Task Of_a_notice_that_was_taken_back_no_link_is_looked_at_whoever_asks_for_it()
    {
        Script("offer");
        await using NoticeDesk desk = await NoticeDesk.OpenAsync(url: site.Url("/p"));
        NoticeRow notice = await desk.SendAsync();
        await using var crawl = new CrawlHarness(null, null, site);
        desk.Db.NoticeReplies.Add(new NoticeReplyRow { NoticeId = notice.Id, Kind = ReplyKind.Appeal, Text = "It is another one.", At = desk.Clock.GetUtcNow(), Upheld = false, Decision = "It is.", DecidedBy = "bent", DecidedAt = desk.Clock.GetUtcNow() });
        await desk.Db.SaveChangesAsync(Stop);
        desk.Db.ChangeTracker.Clear();
        VerbOutcome<NoticeRow> refused = await new CheckLinksNow(notice.Id).RunAsync(desk.Anna, Stop);
        Assert.Equal((Refusal.Conflict, $"Notice {notice.Id} was taken back: its links are not fetched again."), (refused.Refusal, refused.Detail));
        // As a look leaves it that was under way when the appeal was decided.
        Assert.NotNull((await desk.Db.NoticeLinks.AsNoTracking().SingleAsync(Stop)).NextCheckAt);
        desk.Clock.Advance(TimeSpan.FromDays(8));
        Assert.Equal(0, await Checks(desk, crawl).RunDueAsync("one", Stop));
    }

    [Fact]
    public async Task Another_day_to_answer_by_moves_the_first_look()
    {
        await using NoticeDesk desk = await NoticeDesk.OpenAsync(url: site.Url("/p"));
        NoticeRow notice = await desk.SendAsync();
        desk.Db.ChangeTracker.Clear();
        Assert.Equal(Refusal.Invalid, (await new SetRespondBy(notice.Id, new DateOnly(2026, 3, 1)).RunAsync(desk.Anna, Stop)).Refusal);
        desk.Db.ChangeTracker.Clear();
        Assert.True((await new SetRespondBy(notice.Id, new DateOnly(2026, 3, 20), notice.Version).RunAsync(desk.Anna, Stop)).Done);
        Assert.Equal(new DateTimeOffset(2026, 3, 21, 0, 0, 0, TimeSpan.Zero), (await desk.Db.NoticeLinks.AsNoTracking().SingleAsync(Stop)).NextCheckAt);
    }

    private static OutcomeChecks Checks(NoticeDesk desk, CrawlHarness crawl) => new(desk.Database, crawl.Fetcher, crawl.Renderer, PageReading.Here, desk.Blobs, desk.Clock);

    private void Script(string shop)
    {
        string list = CrawlHarness.List("/a", "/b", "/c");
        _ = shop switch
        {
            "robots" => site.Text("/robots.txt", "User-agent: *\nDisallow: /"),
            "offer" => site.Html("/p", CrawlHarness.Product("Mask, 50 pieces")),
            "sold out" => site.Html("/p", CrawlHarness.Product("Mask, 50 pieces").Replace("\"priceCurrency\":\"EUR\"", "\"priceCurrency\":\"EUR\",\"availability\":\"https://schema.org/OutOfStock\"", StringComparison.Ordinal)),
            "moved to a list" => site.Redirect("/p", "/all", 301).Html("/all", list),
            "moved to a captcha" => site.Redirect("/p", "/captcha?for=p").Html("/captcha?for=p", list),
            "moved to another offer" => site.Redirect("/p", "/q").Html("/q", CrawlHarness.Product("A hat")),
            "moved to the same offer" => site.Redirect("/p", "/new-p").Html("/new-p", CrawlHarness.Product("Mask, 50 pieces")),
            "an article in its place" => site.Html("/p", list),
            _ => site.Status("/p", int.Parse(shop)),
        };
    }
}
