using System.Linq.Expressions;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using Touchstone.Screening.Audit;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Blobs;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Server.Security;
using Touchstone.Tests.Fixtures;

namespace Touchstone.Tests.Server;

/// <summary>A caseworker's day with hits: by keyboard in a real browser, by forms without scripts, and by the API.</summary>
[Collection(ServerSet.Name)]
public sealed class HitReviewPageTests(ServerFixture server)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_long_note_shows_its_beginning_and_the_whole_to_whoever_opens_it()
    {
        (_, IReadOnlyList<HitRow> hits) = await AddAsync(1, "Noted lamp");
        string note = string.Concat(Enumerable.Repeat("Is it the same lamp? ", 100)) + "The end.";
        await using TouchstoneDb db = await server.OpenAsync();
        await db.Hits.Where(x => x.Id == hits[0].Id).ExecuteUpdateAsync(x => x.SetProperty(h => h.UnsureBy, "anna").SetProperty(h => h.UnsureNote, note), Stop);
        await using ConsoleBrowser browser = await ConsoleBrowser.OpenAsync(server, AccountRole.Caseworker, 1280);
        IPage page = browser.Page;
        await page.GotoAsync($"{server.Address}hits/{hits[0].Id}?mark=all");
        Assert.InRange((await page.Locator(".notice.warn").First.BoundingBoxAsync())!.Height, 20, 160);
        await page.ClickAsync(".notice.warn summary");
        Assert.Contains("The end.", await page.Locator(".notice.warn").First.InnerTextAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ten_decisions_an_undo_a_group_rejection_and_a_case_by_keyboard_alone()
    {
        (long reference, IReadOnlyList<HitRow> hits) = await AddAsync(14, "Keyboard lamp");
        await using ConsoleBrowser browser = await ConsoleBrowser.OpenAsync(server, AccountRole.Caseworker, 1280);
        IPage page = browser.Page;
        await page.GotoAsync($"{server.Address}hits?reference={reference}");
        foreach (string key in (string[])["r", "1", "4", "r", "r", "c", "r", "5", "r", "r"]) await ConsoleBrowser.PressAsync(page, key);
        Assert.Equal(10, await CountAsync(x => x.State != HitState.New));
        Assert.Contains("Rejected: Mask, 50 pieces", await page.Locator(".last-decision").InnerTextAsync(), StringComparison.Ordinal);

        await ConsoleBrowser.PressAsync(page, "z");
        Assert.Equal(9, await CountAsync(x => x.State != HitState.New));
        Assert.EndsWith($"/hits/{hits[9].Id}?reference={reference}", page.Url, StringComparison.Ordinal);
        Assert.Equal(1, await CountAsync(x => x.State == HitState.Rejected && x.Reason == RejectReason.Accessory));

        // Of the five that are left one is chosen and the rest is rejected.
        await page.Keyboard.PressAsync("v");
        await ConsoleBrowser.PressAsync(page, "w");
        Assert.Equal(5, await page.Locator(".wall-tile").CountAsync());
        await page.Keyboard.PressAsync("ArrowRight");
        await page.Keyboard.PressAsync("ArrowRight");
        await page.Keyboard.PressAsync("Space");
        Assert.Equal("1 chosen", await page.Locator("[data-chosen]").InnerTextAsync());
        await ConsoleBrowser.PressAsync(page, "Shift+R");
        Assert.Equal(13, await CountAsync(x => x.State != HitState.New));
        Assert.Contains("Rejected: 4 hits", await page.Locator(".last-decision").InnerTextAsync(), StringComparison.Ordinal);
        Assert.Equal(1, await page.Locator(".wall-tile").CountAsync());

        await page.Keyboard.PressAsync("ArrowRight");
        await page.Keyboard.PressAsync("Space");
        await ConsoleBrowser.PressAsync(page, "o");
        Assert.Contains("/cases/", page.Url, StringComparison.Ordinal);
        Assert.Equal(1, await CountAsync(x => x.State == HitState.Confirmed && x.CaseId != null));
        Assert.Empty(browser.Complaints);

        async Task<int> CountAsync(Expression<Func<HitRow, bool>> wanted)
        {
            await using TouchstoneDb db = await server.OpenAsync();
            return await db.Hits.Where(x => x.ReferenceId == reference).CountAsync(wanted, Stop);
        }
    }

    [Fact]
    public async Task Pictures_are_compared_in_one_place_and_what_is_drawn_is_remembered()
    {
        (long reference, IReadOnlyList<HitRow> hits) = await AddAsync(2, "Compared lamp");
        await using (TouchstoneDb db = await server.OpenAsync())
            await db.Matches.Where(x => x.ReferenceId == reference).ExecuteUpdateAsync(
                x => x.SetProperty(m => m.ReferenceImageSha256, BlobName.Of(server.Picture)).SetProperty(m => m.Signals, """{"imageRegion":[{"x":0.1,"y":0.1},{"x":0.9,"y":0.1},{"x":0.9,"y":0.9}]}"""), Stop);
        await using ConsoleBrowser browser = await ConsoleBrowser.OpenAsync(server, AccountRole.Caseworker, 1280);
        IPage page = browser.Page;
        await page.GotoAsync($"{server.Address}hits/{hits[0].Id}");
        await page.Keyboard.PressAsync("b");
        Assert.Equal((false, true), (await page.Locator(".pair").IsVisibleAsync(), await page.Locator(".blink img").First.IsVisibleAsync()));
        await page.Keyboard.PressAsync("b");
        Assert.True(await page.Locator(".blink img").Nth(1).IsVisibleAsync());
        await page.Keyboard.PressAsync("y");
        Assert.True(await page.Locator(".swipe").IsVisibleAsync());
        await page.Keyboard.PressAsync("e");
        Assert.Contains("large-pictures", await page.Locator("body").GetAttributeAsync("class"), StringComparison.Ordinal);
        await page.Keyboard.PressAsync("Escape");
        await page.Keyboard.PressAsync("Escape");
        Assert.True(await page.Locator(".pair").IsVisibleAsync());

        await page.Keyboard.PressAsync("x");
        Assert.False(await page.Locator("polygon.region").First.IsVisibleAsync());
        await page.GotoAsync($"{server.Address}hits/{hits[1].Id}");
        Assert.False(await page.Locator("polygon.region").First.IsVisibleAsync());
        Assert.Equal("false", await page.Locator("[data-flip=regions-off]").GetAttributeAsync("aria-pressed"));
        Assert.Empty(browser.Complaints);
    }

    [Fact]
    public async Task A_wall_without_scripts_rejects_the_rest_and_says_what_changed_meanwhile()
    {
        (long reference, IReadOnlyList<HitRow> hits) = await AddAsync(3, "Form lamp");
        using HttpClient client = server.Client(AccountRole.Caseworker), other = server.Client(AccountRole.Administrator);
        string path = $"/hits/wall?reference={reference}";
        string html = await client.GetStringAsync(path, Stop);
        Assert.Equal(HttpStatusCode.OK, (await other.PostAsJsonAsync($"/api/v1/hits/{hits[2].Id}/decision", new { decision = "Confirm" }, Stop)).StatusCode);
        using var content = new FormUrlEncodedContent(
        [
            new("_handler", "wall"), new("__RequestVerificationToken", Regex.Match(html, "name=\"__RequestVerificationToken\" value=\"([^\"]+)\"").Groups[1].Value), new("Input.Action", "RejectRestAsked"),
            .. hits.Select(x => KeyValuePair.Create<string?, string?>("shown", $"{x.Id}:New:{x.MatchId}")), new("hits", $"{hits[0].Id}:New:{hits[0].MatchId}"),
        ]);
        using HttpResponseMessage answer = await client.PostAsync(path, content, Stop);
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        string next = await client.GetStringAsync(answer.Headers.Location, Stop);
        Assert.Contains($"Hit {hits[2].Id} is confirmed by now", WebUtility.HtmlDecode(next), StringComparison.Ordinal);
        await using TouchstoneDb db = await server.OpenAsync();
        Assert.Equal([HitState.New, HitState.Rejected, HitState.Confirmed], await db.Hits.Where(x => x.ReferenceId == reference).OrderBy(x => x.Id).Select(x => x.State).ToListAsync(Stop));
    }

    [Fact]
    public async Task Confirming_into_a_case_is_done_for_all_or_for_none_and_keeps_the_note()
    {
        (long reference, IReadOnlyList<HitRow> hits) = await AddAsync(2, "Case lamp");
        using HttpClient client = server.Client(AccountRole.Caseworker), other = server.Client(AccountRole.Administrator);
        string path = $"/hits/wall?reference={reference}";
        string html = await client.GetStringAsync(path, Stop);
        await PostAsync(other, "claims", new { hitIds = new[] { hits[1].Id } });
        using var content = new FormUrlEncodedContent(
        [
            new("_handler", "wall"), new("__RequestVerificationToken", Regex.Match(html, "name=\"__RequestVerificationToken\" value=\"([^\"]+)\"").Groups[1].Value), new("Input.Action", "OpenCase"), new("Input.Note", "both of one seller"),
            .. hits.Select(x => KeyValuePair.Create<string?, string?>("hits", $"{x.Id}:New:{x.MatchId}")),
        ]);
        using HttpResponseMessage answer = await client.PostAsync(path, content, Stop);
        string said = WebUtility.HtmlDecode(await client.GetStringAsync(answer.Headers.Location, Stop));
        Assert.Contains($"Hit {hits[1].Id} is taken by", said, StringComparison.Ordinal);
        Assert.Contains("value=\"both of one seller\"", said, StringComparison.Ordinal);
        await using TouchstoneDb db = await server.OpenAsync();
        Assert.All(await db.Hits.AsNoTracking().Where(x => x.ReferenceId == reference).ToListAsync(Stop), x => Assert.Equal((HitState.New, null), (x.State, x.CaseId)));
    }

    [Fact]
    public async Task The_api_decides_many_takes_back_claims_doubts_and_puts_off()
    {
        (long reference, IReadOnlyList<HitRow> hits) = await AddAsync(3, "Api lamp");
        using HttpClient client = server.Client(AccountRole.Caseworker), other = server.Client(AccountRole.Administrator), viewer = server.Client(AccountRole.Viewer);
        long[] ids = [.. hits.Select(x => x.Id)];
        Assert.Equal(HttpStatusCode.Forbidden, (await viewer.PostAsJsonAsync("/api/v1/hits/claims", new { hitIds = ids }, Stop)).StatusCode);
        Assert.Equal(3, (await PostAsync(client, "claims", new { hitIds = ids })).GetProperty("changed").GetArrayLength());
        JsonElement held = await PostAsync(other, "claims", new { hitIds = ids }, HttpStatusCode.Conflict);
        Assert.Contains("is taken by", held.GetProperty("detail").GetString(), StringComparison.Ordinal);
        string holder = (await client.GetFromJsonAsync<JsonElement>($"/api/v1/hits/{ids[0]}", Stop)).GetProperty("hit").GetProperty("claimedBy").GetString()!;
        Assert.Equal(3, (await ListAsync($"reference={reference}&claimedBy={Uri.EscapeDataString(holder)}")).Length);

        await PostAsync(client, "doubts", new { hitIds = new[] { ids[0] }, unsure = true, note = "Blurred." });
        await PostAsync(client, "snoozes", new { hitIds = new[] { ids[1] }, until = TimeProvider.System.GetUtcNow().AddDays(2) });
        Assert.Equal([ids[0]], await ListAsync($"reference={reference}&unsure=true"));
        Assert.Equal([ids[1]], await ListAsync($"reference={reference}&snoozed=true"));

        JsonElement changed = await PostAsync(client, "decisions", new { decision = "Reject", reason = "TooUnlike", hits = hits.Select(x => new { id = x.Id, seen = "New", seenMatchId = x.MatchId + (x.Id == ids[2] ? 1 : 0) }) });
        Assert.Equal((2, ids[2]), (changed.GetProperty("changed").GetArrayLength(), changed.GetProperty("refused")[0].GetProperty("id").GetInt64()));
        JsonElement hit = await client.GetFromJsonAsync<JsonElement>($"/api/v1/hits/{ids[0]}", Stop);
        JsonElement decision = hit.GetProperty("history").GetProperty("decisions")[0];
        Assert.Equal("TooUnlike", decision.GetProperty("reason").GetString());
        Assert.Equal(2, (await PostAsync(client, $"decisions/{decision.GetProperty("id").GetInt64()}/take-back", new { })).GetProperty("changed").GetArrayLength());
        Assert.Equal(3, (await ListAsync($"reference={reference}&state=New")).Length);
        JsonElement unknown = await PostAsync(client, "decisions", new { decision = "Reject", hits = Array.Empty<object>(), why = "x" }, HttpStatusCode.BadRequest);
        Assert.Equal("why", unknown.GetProperty("name").GetString());

        async Task<long[]> ListAsync(string query) =>
            [.. (await client.GetFromJsonAsync<JsonElement>($"/api/v1/hits?{query}", Stop)).GetProperty("items").EnumerateArray().Select(x => x.GetProperty("id").GetInt64())];
    }

    [Fact]
    public async Task A_decision_on_what_was_read_is_refused_once_it_changed()
    {
        (_, IReadOnlyList<HitRow> hits) = await AddAsync(1, "Tagged lamp");
        using HttpClient client = server.Client(AccountRole.Caseworker), other = server.Client(AccountRole.Administrator);
        string path = $"/api/v1/hits/{hits[0].Id}";
        using HttpResponseMessage read = await client.GetAsync(path, Stop);
        Assert.Equal(HttpStatusCode.OK, (await other.PostAsJsonAsync($"{path}/decision", new { decision = "Confirm" }, Stop)).StatusCode);
        using var late = new HttpRequestMessage(HttpMethod.Post, $"{path}/decision") { Content = JsonContent.Create(new { decision = "Reject", note = "No." }) };
        late.Headers.IfMatch.Add(read.Headers.ETag!);
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await client.SendAsync(late, Stop)).StatusCode);
    }

    [Fact]
    public async Task Groups_and_exports_are_of_what_is_asked_for_and_no_spreadsheet_runs_them()
    {
        (long reference, IReadOnlyList<HitRow> hits) = await AddAsync(3, "=HYPERLINK(1)");
        using HttpClient client = server.Client(AccountRole.Viewer);
        JsonElement groups = await client.GetFromJsonAsync<JsonElement>($"/api/v1/hits/groups?by=Product&reference={reference}", Stop);
        Assert.Equal(("=HYPERLINK(1)", 3, 3), (groups[0].GetProperty("name").GetString(), groups[0].GetProperty("hits").GetInt32(), groups[0].GetProperty("undecided").GetInt32()));
        Assert.Equal(1, (await client.GetFromJsonAsync<JsonElement>($"/api/v1/hits/groups?by=Shop&reference={reference}", Stop)).GetArrayLength());
        string csv = await client.GetStringAsync($"/api/v1/hits/export.csv?reference={reference}&order=Oldest", Stop);
        string[] lines = csv.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(4, lines.Length);
        Assert.Contains("'=HYPERLINK(1)", lines[1], StringComparison.Ordinal);
        JsonElement json = await client.GetFromJsonAsync<JsonElement>($"/api/v1/hits/export.json?reference={reference}&order=Oldest", Stop);
        await using (TouchstoneDb log = await server.OpenAsync())
            Assert.Equal(2, await log.Audit.CountAsync(x => x.Action == AuditAction.HitsExported && x.Detail == $"?reference={reference}&order=Oldest", Stop));
        Assert.Equal(hits.Select(x => x.Id), json.EnumerateArray().Select(x => x.GetProperty("id").GetInt64()));
        Assert.Contains("3 hits", await client.GetStringAsync($"/hits/groups?reference={reference}", Stop), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, (await client.GetAsync("/api/v1/hits/groups?by=Colour", Stop)).StatusCode);
    }

    [Fact]
    public async Task A_hit_from_the_field_keeps_officer_place_and_time()
    {
        (_, IReadOnlyList<HitRow> hits) = await AddAsync(1, "Field lamp");
        await using (TouchstoneDb db = await server.OpenAsync())
        {
            var capture = new CaptureRow { ImageSha256 = BlobName.Of(server.Picture), TakenBy = "officer.jens", TakenAt = TimeProvider.System.GetUtcNow(), Place = "Pier 4, Aarhus", Note = "Container 12", ClientKey = Guid.NewGuid().ToString("N") };
            db.Captures.Add(capture);
            await db.SaveChangesAsync(Stop);
            await db.Hits.Where(x => x.Id == hits[0].Id).ExecuteUpdateAsync(x => x.SetProperty(h => h.CaptureId, capture.Id).SetProperty(h => h.ListingId, (long?)null), Stop);
        }
        using HttpClient client = server.Client(AccountRole.Viewer);
        string html = await client.GetStringAsync($"/hits/{hits[0].Id}", Stop);
        foreach (string part in (string[])["officer.jens", "Pier 4, Aarhus", "Container 12"]) Assert.Contains(part, html, StringComparison.Ordinal);
        Assert.Equal("officer.jens", (await client.GetFromJsonAsync<JsonElement>($"/api/v1/hits/{hits[0].Id}", Stop)).GetProperty("capture").GetProperty("takenBy").GetString());
    }

    private static async Task<JsonElement> PostAsync(HttpClient client, string path, object body, HttpStatusCode expected = HttpStatusCode.OK)
    {
        using HttpResponseMessage answer = await client.PostAsJsonAsync($"/api/v1/hits/{path}", body, Stop);
        JsonElement read = await answer.Content.ReadFromJsonAsync<JsonElement>(Stop);
        Assert.True(answer.StatusCode == expected, read.ToString());
        return read;
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
