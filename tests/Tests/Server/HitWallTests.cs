using System.Net;
using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Blobs;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Server.Security;
using Touchstone.Tests.Fixtures;

namespace Touchstone.Tests.Server;

/// <summary>What is done to many hits at once, and to one by a single key: said before, undone after, and never to what nobody chose.</summary>
[Collection(ServerSet.Name)]
public sealed class HitWallTests(ServerFixture server)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nothing_is_the_rest_where_nothing_is_chosen()
    {
        (long reference, IReadOnlyList<HitRow> hits) = await AddAsync(3, "Unchosen lamp");
        using HttpClient client = server.Client(AccountRole.Caseworker);
        string page = $"/hits/wall?reference={reference}";
        foreach (string action in (string[])["RejectRest", "RejectRestAsked"])
            Assert.Contains("Choose a hit first.", await PostedForm.SeenAsync(client, page, "wall", [("Input.Action", action), .. Shown(hits)], Stop), StringComparison.Ordinal);
        Assert.Equal(3, await UndecidedAsync(reference));
    }

    [Fact]
    public async Task Without_scripts_the_number_is_said_before_and_what_was_chosen_outlives_going_back()
    {
        (long reference, IReadOnlyList<HitRow> hits) = await AddAsync(3, "Asked lamp");
        using HttpClient client = server.Client(AccountRole.Caseworker);
        string page = $"/hits/wall?reference={reference}";
        (string, string) chosen = ("hits", $"{hits[0].Id}:New:{hits[0].MatchId}");
        string asked = await PostedForm.SeenAsync(client, page, "wall", [("Input.Action", "RejectRest"), .. Shown(hits), chosen], Stop);
        Assert.Contains("Reject 2 hits?", asked, StringComparison.Ordinal);
        Assert.Contains("1 chosen hit is kept as it is.", asked, StringComparison.Ordinal);
        Assert.Equal(3, await UndecidedAsync(reference));
        string back = await PostedForm.SeenAsync(client, page, "wall", [("Input.Action", "Back"), ("Input.Note", "seen by two"), .. Shown(hits), chosen], Stop);
        Assert.Contains("seen by two", back, StringComparison.Ordinal);
        Assert.Matches($"value=\"{hits[0].Id}:New:{hits[0].MatchId}\" checked", back);
        string done = await PostedForm.SeenAsync(client, page, "wall", [("Input.Action", "RejectRestAsked"), .. Shown(hits), chosen], Stop);
        Assert.Contains("Rejected: 2 hits", done, StringComparison.Ordinal);
        Assert.Equal(1, await UndecidedAsync(reference));
    }

    [Theory, InlineData(1280), InlineData(390)]
    public async Task Many_are_asked_about_rejected_and_taken_back_by_keys(int width)
    {
        (long reference, _) = await AddAsync(14, $"Many lamps at {width}");
        await using ConsoleBrowser browser = await ConsoleBrowser.OpenAsync(server, AccountRole.Caseworker, width);
        IPage page = browser.Page;
        await page.GotoAsync($"{server.Address}hits/wall?reference={reference}");
        await page.Keyboard.PressAsync("ArrowRight");
        Assert.Equal("", await page.Locator("[data-rest]").TextContentAsync());
        await page.Keyboard.PressAsync("Space");
        Assert.Equal(" (13)", await page.Locator("[data-rest]").TextContentAsync());
        await ConsoleBrowser.PressAsync(page, "Shift+R");
        Assert.Contains("Reject 13 hits?", await page.InnerTextAsync("main"), StringComparison.Ordinal);
        Assert.Equal(14, await UndecidedAsync(reference));
        await ConsoleBrowser.PressAsync(page, "n");
        Assert.Equal(1, await page.Locator(".wall-tile input:checked").CountAsync());
        await ConsoleBrowser.PressAsync(page, "Shift+R");
        await ConsoleBrowser.PressAsync(page, "y");
        Assert.Equal(1, await UndecidedAsync(reference));
        Assert.Contains("Rejected: 13 hits", await page.Locator(".last-decision").InnerTextAsync(), StringComparison.Ordinal);
        await ConsoleBrowser.PressAsync(page, "z");
        Assert.Equal(14, await UndecidedAsync(reference));
        Assert.Empty(browser.Complaints);
    }

    [Theory]
    [InlineData("s", "is put off until")]
    [InlineData("q", "waits for a second person")]
    [InlineData("w", "is yours for half an hour")]
    public async Task A_mark_is_set_by_one_press_and_taken_back_by_another(string key, string said)
    {
        (long reference, IReadOnlyList<HitRow> hits) = await AddAsync(2, $"Marked lamp {key}");
        await using ConsoleBrowser browser = await ConsoleBrowser.OpenAsync(server, AccountRole.Caseworker, 1280);
        IPage page = browser.Page;
        await page.GotoAsync($"{server.Address}hits/{hits[0].Id}?reference={reference}");
        await ConsoleBrowser.PressAsync(page, key);
        Assert.True(await IsMarkedAsync());
        Assert.Contains(said, await page.Locator(".last-decision").InnerTextAsync(), StringComparison.Ordinal);
        await ConsoleBrowser.PressAsync(page, "z");
        Assert.False(await IsMarkedAsync());
        Assert.Empty(browser.Complaints);

        async Task<bool> IsMarkedAsync()
        {
            await using TouchstoneDb db = await server.OpenAsync();
            return await db.Hits.AnyAsync(x => x.Id == hits[0].Id && (x.SnoozedUntil != null || x.UnsureBy != null || x.ClaimedBy != null), Stop);
        }
    }

    [Fact]
    public async Task A_case_is_chosen_in_sight_before_a_key_adds_to_it()
    {
        (long reference, IReadOnlyList<HitRow> hits) = await AddAsync(2, "Added lamp");
        using HttpClient client = server.Client(AccountRole.Caseworker);
        using HttpResponseMessage opened = await client.PostAsJsonAsync("/api/v1/cases", new { hitIds = new[] { hits[1].Id } }, Stop);
        await using ConsoleBrowser browser = await ConsoleBrowser.OpenAsync(server, AccountRole.Caseworker, 1280);
        await browser.Page.GotoAsync($"{server.Address}hits/{hits[0].Id}?reference={reference}");
        await browser.Page.WaitForTimeoutAsync(300);
        await browser.Page.Keyboard.PressAsync("a");
        Assert.True(await browser.Page.Locator("button[value=AddToCase]").IsVisibleAsync());
        Assert.Equal(2, await UndecidedAsync(reference));
    }

    [Theory, InlineData("OpenCase"), InlineData("AddToCase")]
    public async Task What_is_noted_with_a_case_stands_in_its_history(string action)
    {
        (long reference, IReadOnlyList<HitRow> hits) = await AddAsync(2, $"Noted lamp {action}");
        using HttpClient client = server.Client(AccountRole.Caseworker);
        using HttpResponseMessage opened = await client.PostAsJsonAsync("/api/v1/cases", new { hitIds = new[] { hits[1].Id } }, Stop);
        string other = opened.Headers.Location!.OriginalString.Split('/')[^1];
        string page = $"/hits/{hits[0].Id}?reference={reference}";
        using HttpResponseMessage answer = await PostedForm.SendAsync(client, page, "decide", [("Input.HitId", $"{hits[0].Id}"), ("Input.Seen", "New"), ("Input.Action", action), ("Input.CaseId", other), ("Input.Note", "Same seller as last year.")], Stop);
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        await using TouchstoneDb db = await server.OpenAsync();
        long id = (await db.Hits.SingleAsync(x => x.Id == hits[0].Id, Stop)).CaseId!.Value;
        string file = await client.GetStringAsync($"/cases/{id}", Stop);
        Assert.Contains("Same seller as last year.", file[file.IndexOf("class=\"timeline\"", StringComparison.Ordinal)..], StringComparison.Ordinal);
    }

    [Fact]
    public async Task On_a_phone_what_contradicts_stands_above_the_fold_with_the_hits_number()
    {
        (_, IReadOnlyList<HitRow> hits) = await AddAsync(1, "Contradicted lamp");
        await using (TouchstoneDb db = await server.OpenAsync())
        {
            ReferenceRow reference = await db.References.SingleAsync(x => x.Id == hits[0].ReferenceId, Stop);
            (reference.Brand, reference.Model) = ("Lumo", "LX-200");
            ObservationRow seen = await db.Observations.SingleAsync(x => x.ListingId == hits[0].ListingId, Stop);
            (seen.Brand, seen.Mpn) = ("Nova", "N-7");
            await db.SaveChangesAsync(Stop);
        }
        await using ConsoleBrowser browser = await ConsoleBrowser.OpenAsync(server, AccountRole.Caseworker, 390, 844);
        await browser.Page.GotoAsync($"{server.Address}hits/{hits[0].Id}");
        ILocator contradictions = browser.Page.Locator(".contradictions");
        LocatorBoundingBoxResult box = (await contradictions.BoundingBoxAsync())!, decide = (await browser.Page.Locator(".decide").BoundingBoxAsync())!;
        Assert.True(box.Y + box.Height <= Math.Min(844, decide.Y), $"{box.Y} + {box.Height}, {decide.Y}");
        Assert.Matches("Brand\\s*Nova\\s*≠[^L]*Lumo", await contradictions.InnerTextAsync());
        Assert.Contains($"Hit {hits[0].Id}", await browser.Page.Locator(".verdict-line").InnerTextAsync(), StringComparison.Ordinal);
    }

    [Theory, InlineData(390, 844), InlineData(1280, 900)]
    public async Task What_was_done_is_said_where_it_covers_no_control(int width, int height)
    {
        (long reference, IReadOnlyList<HitRow> hits) = await AddAsync(3, $"Toasted lamp {width}");
        using HttpClient client = server.Client(AccountRole.Caseworker);
        using HttpResponseMessage opened = await client.PostAsJsonAsync("/api/v1/cases", new { hitIds = new[] { hits[2].Id } }, Stop);
        await using ConsoleBrowser browser = await ConsoleBrowser.OpenAsync(server, AccountRole.Caseworker, width, height);
        IPage page = browser.Page;
        await page.GotoAsync($"{server.Address}hits/wall?reference={reference}");
        await page.Keyboard.PressAsync("ArrowRight");
        await page.Keyboard.PressAsync("Space");
        await page.WaitForTimeoutAsync(300);
        await page.Keyboard.PressAsync("a");
        await ConsoleBrowser.PressAsync(page, "a");
        await page.Locator("[data-toast] p").Filter(new() { HasText = "in case" }).WaitForAsync();
        string[] covered = await CoveredAsync(page, "[data-toast]");
        Assert.Empty(covered);
        Assert.True(await page.Locator("[data-toast]").EvaluateAsync<bool>("x => x.scrollWidth <= x.clientWidth"), "The toast is wider than its place.");
        Assert.Empty(browser.Complaints);
    }

    [Theory, InlineData(390), InlineData(800), InlineData(1280), InlineData(1920)]
    public async Task The_last_decision_covers_no_control(int width)
    {
        (long reference, IReadOnlyList<HitRow> hits) = await AddAsync(2, $"Covered lamp {width}");
        await using ConsoleBrowser browser = await ConsoleBrowser.OpenAsync(server, AccountRole.Caseworker, width);
        await browser.Page.GotoAsync($"{server.Address}hits/{hits[0].Id}?reference={reference}");
        await ConsoleBrowser.PressAsync(browser.Page, "s");
        Assert.Contains("is put off until", await browser.Page.Locator(".last-decision").InnerTextAsync(), StringComparison.Ordinal);
        Assert.Empty(await CoveredAsync(browser.Page, ".last-decision", ".decide"));
    }

    /// <summary>The controls of a part of the page that lie under something that is laid over them.</summary>
    private static Task<string[]> CoveredAsync(IPage page, string over, string within = "body") => page.EvaluateAsync<string[]>(
        """
        ([over, within]) => {
          const cover = document.querySelector(over), at = cover.getBoundingClientRect();
          return [...document.querySelectorAll(within + " :is(a, button, input, select, summary)")].filter(x => !cover.contains(x) && x.checkVisibility()).filter(x => {
            const r = x.getBoundingClientRect();
            return r.width > 0 && r.left < at.right - 1 && r.right > at.left + 1 && r.top < at.bottom - 1 && r.bottom > at.top + 1;
          }).map(x => x.outerHTML.slice(0, 120));
        }
        """,
        new[] { over, within });

    private static IEnumerable<(string, string)> Shown(IEnumerable<HitRow> hits) => hits.Select(x => ("shown", $"{x.Id}:New:{x.MatchId}"));

    private async Task<int> UndecidedAsync(long reference)
    {
        await using TouchstoneDb db = await server.OpenAsync();
        return await db.Hits.CountAsync(x => x.ReferenceId == reference && x.State == HitState.New, Stop);
    }

    /// <summary>A product of its own with hits from the most to the least probable.</summary>
    private async Task<(long Reference, IReadOnlyList<HitRow> Hits)> AddAsync(int count, string title)
    {
        await using TouchstoneDb db = await server.OpenAsync();
        ReferenceRow reference = await SampleHits.AddReferenceAsync(db, title);
        ShopRow shop = await SampleHits.AddShopAsync(db);
        var hits = new List<HitRow>();
        for (int i = 0; i < count; i++) hits.Add(await SampleHits.AddAsync(db, reference, shop, BlobName.Of(server.Picture), 0.6 - (i * 0.01)));
        return (reference.Id, hits);
    }
}
