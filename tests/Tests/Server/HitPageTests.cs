using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Touchstone.Crawling.Extraction;
using Touchstone.Recognition.Scoring;
using Touchstone.Recognition.Text;
using Touchstone.Screening.Features;
using Touchstone.Screening.Hits;
using Touchstone.Screening.Observations;
using Touchstone.Screening.Screenings;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Blobs;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Server.Security;
using Touchstone.Tests.Fixtures;
using Touchstone.Tests.Screening.Screenings;
using Touchstone.Vision.Alignment;
using Touchstone.Vision.Imaging;

namespace Touchstone.Tests.Server;

/// <summary>The page of a hit in a real browser: what matched is drawn over both pictures, and the keyboard suffices.</summary>
[Collection(ServerSet.Name)]
public sealed class HitPageTests(ServerFixture server)
{
    private static readonly ImagePoint[] Square = [new(0.2f, 0.2f), new(0.8f, 0.2f), new(0.8f, 0.8f), new(0.2f, 0.8f)];

    private static readonly ImagePoint[] Line = [new(0.3f, 0.4f), new(0.6f, 0.4f), new(0.6f, 0.5f), new(0.3f, 0.5f)];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, InlineData(1280), InlineData(390)]
    public async Task Regions_text_and_rivals_are_shown_toggled_and_zoomed_by_keys(int width)
    {
        long id = await AddHitAsync(Explained());
        await using ConsoleBrowser browser = await ConsoleBrowser.OpenAsync(server, AccountRole.Caseworker, width);
        IPage page = browser.Page;
        await page.GotoAsync($"{server.Address}hits/{id}");
        ILocator regions = page.Locator("polygon.region"), words = page.Locator("polygon.word");
        Assert.Equal((2, 2), (await regions.CountAsync(), await words.CountAsync()));
        Assert.True(await regions.First.IsVisibleAsync());

        await page.Keyboard.PressAsync("x");
        Assert.False(await regions.First.IsVisibleAsync());
        Assert.Equal("false", await page.Locator("[data-flip=regions-off]").GetAttributeAsync("aria-pressed"));
        Assert.True(await words.First.IsVisibleAsync());
        await page.Keyboard.PressAsync("t");
        Assert.False(await words.First.IsVisibleAsync());
        await page.Keyboard.PressAsync("x");
        Assert.True(await regions.First.IsVisibleAsync());

        await page.Keyboard.PressAsync("+");
        ILocator stages = page.Locator("[data-zoom]");
        Assert.Equal(("1.50", "1.50"), (await stages.Nth(0).GetAttributeAsync("data-scale"), await stages.Nth(1).GetAttributeAsync("data-scale")));
        await stages.Nth(0).FocusAsync();
        await page.Keyboard.PressAsync("+");
        await page.Keyboard.PressAsync("ArrowLeft");
        Assert.Equal(("2.25", "1.50"), (await stages.Nth(0).GetAttributeAsync("data-scale"), await stages.Nth(1).GetAttributeAsync("data-scale")));
        Assert.Contains("translate", await stages.Nth(0).Locator(".shot").EvaluateAsync<string>("x => x.style.transform"), StringComparison.Ordinal);
        Assert.EndsWith($"/hits/{id}", page.Url, StringComparison.Ordinal);

        Assert.Contains("Another lamp", await page.Locator(".rivals").InnerTextAsync(), StringComparison.Ordinal);
        Assert.Contains("LAMP", await page.Locator(".agreed").InnerTextAsync(), StringComparison.Ordinal);
        Assert.Equal(0, await page.GetByText("Not explained").CountAsync());
        Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"), "The page is wider than the window.");
        Assert.Empty(browser.Complaints);
    }

    [Fact]
    public async Task Enter_in_the_note_decides_nothing_and_keys_in_haste_decide_one_hit_once()
    {
        long id = await AddHitAsync(Explained());
        await using ConsoleBrowser browser = await ConsoleBrowser.OpenAsync(server, AccountRole.Caseworker, 1280);
        IPage page = browser.Page;
        await page.GotoAsync($"{server.Address}hits/{id}");
        int before = await DecisionsAsync();
        await page.Keyboard.PressAsync("m");
        await page.Keyboard.TypeAsync("Not sure");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForTimeoutAsync(400);
        Assert.Equal(before, await DecisionsAsync());

        // Whoever presses again and again presses the moment that the next page is there.
        const string Press = "document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'r', bubbles: true, cancelable: true }));";
        await page.AddInitScriptAsync($"addEventListener('DOMContentLoaded', () => {{ {Press} }})");
        await page.Keyboard.PressAsync("Escape");
        // Both in one turn of the page, so that no slow machine lets the second reach the next page.
        await page.EvaluateAsync($"() => {{ {Press} {Press} }}");
        await TestBrowser.ArriveAsync(page, url => !url.Contains($"/hits/{id}", StringComparison.Ordinal));
        await page.WaitForTimeoutAsync(400);
        Assert.Equal(before + 1, await DecisionsAsync());
        await using TouchstoneDb db = await server.OpenAsync();
        Assert.Equal((id, HitState.Rejected), await db.HitDecisions.OrderByDescending(d => d.Id).Select(d => new ValueTuple<long, HitState>(d.HitId, d.State)).FirstAsync(Stop));

        async Task<int> DecisionsAsync()
        {
            await using TouchstoneDb open = await server.OpenAsync();
            return await open.HitDecisions.CountAsync(Stop);
        }
    }

    [Fact]
    public async Task Where_the_pictures_look_alike_is_tinted_by_a_key_and_given_by_the_api()
    {
        long id = await AddHitAsync(Explained());
        using HttpClient client = server.Client(AccountRole.Viewer);
        JsonElement map = (await client.GetFromJsonAsync<JsonElement>($"/api/v1/hits/{id}/likeness", Stop)).GetProperty("image");
        Assert.Equal(1, map.GetProperty("similarity").GetDouble(), 0.05);
        Assert.NotEqual(0, map.GetProperty("cells").GetArrayLength());
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync("/api/v1/hits/4711/likeness", Stop)).StatusCode);

        await using ConsoleBrowser browser = await ConsoleBrowser.OpenAsync(server, AccountRole.Caseworker, 390);
        await browser.Page.GotoAsync($"{server.Address}hits/{id}");
        ILocator tints = browser.Page.Locator("svg.likeness");
        Assert.Equal(2, await tints.CountAsync());
        Assert.False(await tints.First.IsVisibleAsync());
        await browser.Page.Keyboard.PressAsync("h");
        Assert.True(await tints.First.IsVisibleAsync());
        Assert.Equal("true", await browser.Page.Locator("[data-flip=likeness-on]").GetAttributeAsync("aria-pressed"));
        Assert.Empty(browser.Complaints);
    }

    [Fact]
    public async Task A_match_by_embedding_alone_is_labelled()
    {
        long id = await AddHitAsync(new MatchSignals { Similarity = 0.8, For = ["The pictures look alike as a whole."], NotExplained = true });
        using HttpClient client = server.Client(AccountRole.Viewer);
        string html = await client.GetStringAsync($"/hits/{id}", Stop);
        Assert.Contains("Not explained.", html, StringComparison.Ordinal);
        // The whole address is there to follow, and no name out of the code.
        await using TouchstoneDb db = await server.Services.GetRequiredService<IDbContextFactory<TouchstoneDb>>().CreateDbContextAsync(Stop);
        string url = (await db.Hits.Include(h => h.Listing).FirstAsync(h => h.Id == id, Stop)).Listing!.Url;
        Assert.Equal(2, html.Split($"href=\"{url}\"").Length - 1);
        Assert.DoesNotContain("SafeUrl", html, StringComparison.Ordinal);
        Assert.DoesNotContain("polygon", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_api_gives_rivals_notes_and_measurements()
    {
        long id = await AddHitAsync(Explained());
        using HttpClient client = server.Client(AccountRole.Viewer);
        JsonElement signals = (await client.GetFromJsonAsync<JsonElement>($"/api/v1/hits/{id}", Stop)).GetProperty("signals");
        Assert.Equal("Another lamp", signals.GetProperty("rivals")[0].GetProperty("title").GetString());
        Assert.Equal(0.4, signals.GetProperty("rivals")[0].GetProperty("probability").GetDouble());
        Assert.Equal("Only for review.", signals.GetProperty("notes")[0].GetString());
        Assert.Equal(0.7, signals.GetProperty("features").GetProperty("similarity").GetDouble());
    }

    [Fact]
    public async Task What_was_seen_when_it_was_decided_is_shown_beside_what_was_seen_later_and_why_it_opened_again()
    {
        long id = await server.AddHitAsync(0.61);
        await using TouchstoneDb db = await server.OpenAsync();
        HitRow hit = await db.Hits.Include(h => h.Listing).Include(h => h.Match!.Screening!.Observation).SingleAsync(h => h.Id == id, Stop);
        hit.Match!.Screening!.Observation!.PageSha256 = await server.Services.GetRequiredService<IBlobStore>().PutAsync("<script>alert(1)</script>"u8.ToArray(), Stop);
        await db.SaveChangesAsync(Stop);
        using HttpClient client = server.Client(AccountRole.Caseworker);
        Assert.Equal(HttpStatusCode.Conflict, (await client.PostAsJsonAsync($"/api/v1/hits/{id}/decision", new { decision = "Reject", seenMatchId = hit.MatchId + 1 }, Stop)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await client.PostAsJsonAsync($"/api/v1/hits/{id}/decision", new { decision = "Reject", seenMatchId = hit.MatchId }, Stop)).StatusCode);
        ObservationRow later = await SeeAgainAsync(hit.Listing!.Url, 5m);

        JsonElement detail = await client.GetFromJsonAsync<JsonElement>($"/api/v1/hits/{id}", Stop);
        Assert.Equal((1, "A lamp"), (detail.GetProperty("observation").GetProperty("number").GetInt32(), detail.GetProperty("observation").GetProperty("name").GetString()));
        JsonElement history = detail.GetProperty("history");
        Assert.Equal([(2, false), (1, true)], history.GetProperty("observations").EnumerateArray().Select(o => (o.GetProperty("number").GetInt32(), o.GetProperty("shown").GetBoolean())));
        Assert.Equal("Rejected", history.GetProperty("decisions")[0].GetProperty("state").GetString());
        string html = await client.GetStringAsync($"/hits/{id}", Stop);
        foreach (string part in (string[])["The listing changed since.", "decided on", "5.00 EUR"]) Assert.Contains(part, html, StringComparison.Ordinal);

        using HttpResponseMessage page = await client.GetAsync($"/api/v1/hits/{id}/page", Stop);
        Assert.Equal(("<script>alert(1)</script>", "text/plain", "attachment"), (await page.Content.ReadAsStringAsync(Stop), page.Content.Headers.ContentType!.MediaType, page.Content.Headers.ContentDisposition!.DispositionType));
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync("/api/v1/hits/4711/page", Stop)).StatusCode);

        string another = (await server.Services.GetRequiredService<FeatureStore>().ReadAsync(ImageEncoder.Png(Drawn.Package(8)), Stop)).Sha256;
        var found = new FoundMatch(server.ReferenceId, Relation.SameProduct, new Probability(0.61), Verdict.Match, another, null, new MatchSignals());
        var outcome = new ScreeningOutcome { Verdict = Verdict.Match, Matches = [found], Images = [], ModelId = "m", ProfileId = "p", GallerySequence = 1, GalleryFingerprint = "f" };
        await server.Services.GetRequiredService<HitStore>().SaveAsync(new ScreeningSubject(later.Id, null, null, "2"), outcome, Stop);
        Assert.Contains("Another picture matches", (await client.GetFromJsonAsync<JsonElement>($"/api/v1/hits/{id}", Stop)).GetProperty("hit").GetProperty("reopenedBecause").GetString(), StringComparison.Ordinal);
        Assert.Contains("Opened again", await client.GetStringAsync($"/hits/{id}", Stop), StringComparison.Ordinal);
    }

    private Task<ObservationRow> SeeAgainAsync(string url, decimal price) =>
        server.Services.GetRequiredService<ObservationStore>().SaveAsync(new ListingFacts { Url = url, Name = "A lamp", Price = price, Currency = "EUR" }, [], null, Stop);

    private MatchSignals Explained() => new()
    {
        Similarity = 0.7,
        Inliers = 40,
        ImageRegion = Square,
        ReferenceRegion = Square,
        Text = TextAgreement.None with { Words = [new AgreedWord("LAMP", "LAMP", TextSource.Picture, 1, Line, Line)] },
        For = ["40 points of the reference lie in the picture as one surface."],
        Notes = ["Only for review."],
        Rivals = [new Rival(server.ReferenceId, "Another lamp", BlobName.Of(server.Picture), Relation.SameProduct, 0.4)],
        Features = new Dictionary<string, double> { ["similarity"] = 0.7 },
    };

    private async Task<long> AddHitAsync(MatchSignals signals)
    {
        long id = await server.AddHitAsync(0.62);
        await using TouchstoneDb db = await server.OpenAsync();
        HitRow hit = await db.Hits.Include(h => h.Match).SingleAsync(h => h.Id == id, Stop);
        hit.Match!.Signals = JsonSerializer.Serialize(signals, JsonSerializerOptions.Web);
        await db.SaveChangesAsync(Stop);
        return id;
    }
}
