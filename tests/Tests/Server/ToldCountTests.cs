using System.Net;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using Touchstone.Crawling.Frontier;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Blobs;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Server.Console.Layout;
using Touchstone.Server.Security;
using Touchstone.Tests.Fixtures;

namespace Touchstone.Tests.Server;

/// <summary>What pages count, and what they call things: one thing is counted and named alike wherever it stands.</summary>
[Collection(ServerSet.Name)]
public sealed partial class ToldCountTests(ServerFixture server)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_waits_for_a_person_is_one_number_in_the_menu_on_the_overview_and_over_the_queue()
    {
        await using TouchstoneDb db = await server.OpenAsync();
        DateTimeOffset later = TimeProvider.System.GetUtcNow().AddDays(2);
        string caseworker = "key:test-Caseworker";
        foreach (Action<HitRow> mark in (Action<HitRow>[])[x => x.SnoozedUntil = later, x => x.UnsureBy = caseworker, x => (x.ClaimedBy, x.ClaimedUntil) = ("somebody else", later)])
            mark(await SampleHits.AddAsync(db, image: BlobName.Of(server.Picture), probability: 0.98));
        await db.SaveChangesAsync(Stop);
        foreach (AccountRole role in (AccountRole[])[AccountRole.Viewer, AccountRole.Caseworker, AccountRole.Administrator])
        {
            using HttpClient client = server.Client(role);
            string overview = WebUtility.HtmlDecode(await client.GetStringAsync("/", Stop)), queue = WebUtility.HtmlDecode(await client.GetStringAsync("/hits", Stop));
            string menu = Menu().Match(overview).Groups[1].Value;
            Assert.Equal(menu, Figure().Match(overview).Groups[1].Value);
            Assert.Equal(menu, Queue().Match(queue).Groups[1].Value);
            if (role == AccountRole.Caseworker) Assert.DoesNotContain("98 %", overview[overview.IndexOf("id=\"live-hits\"", StringComparison.Ordinal)..overview.IndexOf("id=\"live-cases\"", StringComparison.Ordinal)], StringComparison.Ordinal);
            if (role == AccountRole.Viewer) continue;
            int all = await db.Hits.CountAsync(x => x.State == HitState.New, Stop);
            Assert.True(int.Parse(menu, System.Globalization.CultureInfo.InvariantCulture) <= all - 2, $"{menu} of {all}");
        }
    }

    [Fact]
    public async Task A_search_is_deleted_knowing_the_hits_that_its_page_shows_also_those_that_another_found_first()
    {
        long id = await AddRunAsync(RunState.Finished, "Counted lamp");
        using HttpClient client = server.Client(AccountRole.Caseworker);
        string html = WebUtility.HtmlDecode(await client.GetStringAsync($"/searches/{id}/delete", Stop));
        Assert.Contains("1 hit found by it stays as it is:", html, StringComparison.Ordinal);
        Assert.Contains("1 undecided for review", html, StringComparison.Ordinal);
        Assert.Contains("1 hit, undecided", WebUtility.HtmlDecode(await client.GetStringAsync($"/hits?search={id}&mark=all", Stop)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_that_was_stopped_says_what_it_read()
    {
        long id = await AddRunAsync(RunState.Cancelled, "Stopped lamp");
        using HttpClient client = server.Client(AccountRole.Viewer);
        string html = WebUtility.HtmlDecode(await client.GetStringAsync($"/searches/{id}", Stop));
        Assert.Contains("12 pages of 1 shop in 16 s;", html, StringComparison.Ordinal);
        // The badge and the buttons change with the run.
        Assert.Matches("<span id=\"search-state\" data-refresh[^>]*>\\s*<span class=\"badge warn\"", html);
        using HttpClient worker = server.Client(AccountRole.Caseworker);
        Assert.Contains("id=\"search-actions\" data-refresh", await worker.GetStringAsync($"/searches/{id}", Stop), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Badge_and_buttons_follow_a_run_that_is_paused_elsewhere()
    {
        await using TouchstoneDb db = await server.OpenAsync();
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        // Another worker has it, so that none of this server takes it up.
        var run = new SearchRunRow { State = RunState.Running, QueuedAt = now, StartedAt = now, LeaseOwner = "elsewhere", LeaseUntil = now.AddMinutes(5), Pages = 1 };
        var search = new SearchRow { Name = "Followed", ShopUrls = "https://shop.example/", CreatedBy = "test", CreatedAt = now, Runs = { run } };
        db.Searches.Add(search);
        await db.SaveChangesAsync(Stop);
        await using ConsoleBrowser browser = await ConsoleBrowser.OpenAsync(server, AccountRole.Caseworker, 1280);
        IPage page = browser.Page;
        await page.GotoAsync($"{server.Address}searches/{search.Id}");
        Assert.Equal("running", await page.Locator("#search-state").InnerTextAsync());
        await page.WaitForTimeoutAsync(2500);
        (run.State, run.Pages, search.PausedAt) = (RunState.Paused, 2, now);
        await db.SaveChangesAsync(Stop);
        await page.Locator("button[value=resume]").WaitForAsync(new() { Timeout = Eventually.PatienceMilliseconds });
        Assert.Equal("paused", await page.Locator("#search-state").InnerTextAsync());
        Assert.Equal(0, await page.Locator("button[value=pause]").CountAsync());
        Assert.Empty(browser.Complaints);
        await db.SearchRuns.Where(x => x.Id == run.Id).ExecuteUpdateAsync(x => x.SetProperty(r => r.State, RunState.Cancelled), Stop);
    }

    [Fact]
    public async Task Identifiers_have_their_names_a_retirement_ends_with_one_full_stop_and_a_badge_is_as_wide_as_its_word()
    {
        await using TouchstoneDb db = await server.OpenAsync();
        ReferenceRow reference = await SampleHits.AddReferenceAsync(db, "Named lamp");
        reference.Identifiers.Add(new() { Scheme = "Gtin", Value = "4006381333932", Valid = false });
        (reference.RetiredAt, reference.RetiredReason) = (TimeProvider.System.GetUtcNow(), "The recall ended.");
        await db.SaveChangesAsync(Stop);
        await using ConsoleBrowser browser = await ConsoleBrowser.OpenAsync(server, AccountRole.Caseworker, 1280);
        await browser.Page.GotoAsync($"{server.Address}references/{reference.Id}");
        string text = await browser.Page.InnerTextAsync("main");
        Assert.Contains("it is retired: The recall ended. It gives no new hits", text, StringComparison.Ordinal);
        Assert.Equal("GTIN", await browser.Page.Locator("section:has(#identifiers) dt").InnerTextAsync());
        Assert.True(await browser.Page.Locator("section:has(#identifiers) dd .badge").EvaluateAsync<double>("x => parseFloat(getComputedStyle(x).marginLeft)") > 3);
        await browser.Page.GotoAsync($"{server.Address}references?retired=true&register={reference.RegisterId}");
        Assert.True(await browser.Page.EvaluateAsync<bool>("(() => { const b = document.querySelector('.tile .badge'); return b.offsetWidth < b.closest('.tile').clientWidth / 2; })()"));
    }

    [Theory]
    [InlineData(1, "> 99.9 %", "> 99 %")]
    [InlineData(0.9996, "> 99.9 %", "> 99 %")]
    [InlineData(0.973, "97.3 %", "97 %")]
    [InlineData(0.0002, "< 0.1 %", "< 1 %")]
    public void No_probability_reads_as_certain(double value, string fine, string rounded) => Assert.Equal((fine, rounded), (Words.FinePercent(value), Words.Percent(value)));

    /// <summary>A search whose run saw the listing of a hit that no search found first, and read 12 pages of one shop in 16 s.</summary>
    private async Task<long> AddRunAsync(RunState state, string title)
    {
        await using TouchstoneDb db = await server.OpenAsync();
        HitRow hit = await SampleHits.AddAsync(db, await SampleHits.AddReferenceAsync(db, title), image: BlobName.Of(server.Picture));
        MatchRow match = await db.Matches.Include(x => x.Screening).SingleAsync(x => x.Id == hit.MatchId, Stop);
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        var run = new SearchRunRow { State = state, QueuedAt = now, StartedAt = now.AddSeconds(-16), FinishedAt = now, Pages = 12, Listings = 1, Hits = 1 };
        var search = new SearchRow { Name = title, ShopUrls = "https://shop.example/", CreatedBy = "test", CreatedAt = now, Runs = { run } };
        db.Searches.Add(search);
        await db.SaveChangesAsync(Stop);
        db.RunObservations.Add(new RunObservationRow { RunId = run.Id, ObservationId = match.Screening!.ObservationId!.Value, ScreeningId = match.ScreeningId, SeenAt = now });
        db.Frontier.Add(new FrontierRow { RunId = run.Id, Url = "https://shop.example/1", Host = "shop.example", Kind = FrontierKind.Page, State = FrontierState.Done });
        await db.SaveChangesAsync(Stop);
        return search.Id;
    }

    [GeneratedRegex("href=\"/hits\" [^>]*data-key=\"g h\".*?class=\"count\"[^>]*>([0-9,]+)", RegexOptions.Singleline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Menu();

    [GeneratedRegex("<a href=\"/hits\">Hits to decide</a></dt><dd>([0-9,]+)", RegexOptions.Singleline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Figure();

    [GeneratedRegex("<p class=\"muted\">([0-9,]+) hits?, undecided", RegexOptions.Singleline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Queue();
}
