using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Server.Security;
using Touchstone.Tests.Fixtures;

namespace Touchstone.Tests.Server;

/// <summary>The queue and the case without a mouse, and blurred pictures, in a real browser.</summary>
[Collection(ConsoleSet.Name)]
public sealed class CaseKeyTests(ServerFixture server)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_case_goes_from_the_queue_to_a_sample_by_keys_alone()
    {
        await using ConsoleBrowser browser = await ConsoleBrowser.OpenAsync(server, AccountRole.Caseworker, 1280);
        using HttpClient worker = server.Client(AccountRole.Caseworker);
        long id = await OpenAsync(worker, "IS");
        await browser.Page.GotoAsync($"{server.Address}cases?view=open&market=IS&category=");
        await ConsoleBrowser.PressAsync(browser.Page, "n");
        Assert.EndsWith($"/cases/{id}", browser.Page.Url, StringComparison.Ordinal);
        await ConsoleBrowser.PressAsync(browser.Page, "w");
        await ConsoleBrowser.PressAsync(browser.Page, "1");
        await browser.Page.Keyboard.PressAsync("d");
        await browser.Page.FocusAsync("[name='Start.What']");
        await browser.Page.Keyboard.TypeAsync("the shop answers");
        await ConsoleBrowser.PressAsync(browser.Page, "Enter");
        await browser.Page.Keyboard.PressAsync("s");
        await browser.Page.FocusAsync("[name='Order.Quantity']");
        await ConsoleBrowser.PressAsync(browser.Page, "Enter");
        await browser.Page.Keyboard.PressAsync("m");
        await browser.Page.Keyboard.TypeAsync("wx1");
        await using TouchstoneDb db = await server.OpenAsync();
        CaseRow read = await db.Cases.AsNoTracking().SingleAsync(x => x.Id == id, Stop);
        Assert.Equal((CaseState.SampleOrdered, "key:test-Caseworker"), (read.State, read.ClaimedBy));
        Assert.Equal(2, await db.CaseClocks.CountAsync(x => x.CaseId == id, Stop));
        Assert.Empty(browser.Complaints);
    }

    [Fact]
    public async Task A_blurred_picture_is_shown_by_a_click_that_leads_nowhere_and_all_by_a_key()
    {
        await using ConsoleBrowser browser = await ConsoleBrowser.OpenAsync(server, AccountRole.Caseworker, 1280);
        using HttpClient worker = server.Client(AccountRole.Caseworker);
        long reference;
        await using (TouchstoneDb db = await server.OpenAsync())
        {
            ReferenceRow row = await SampleHits.AddReferenceAsync(db, "Upsetting doll");
            reference = row.Id;
            for (int i = 0; i < 2; i++) await SampleHits.AddAsync(db, row, image: Touchstone.Screening.Storage.Blobs.BlobName.Of(server.Picture), probability: 0.3);
        }
        using HttpResponseMessage marked = await worker.PutAsJsonAsync($"/api/v1/references/{reference}/upsetting", new { upsetting = true }, Stop);
        marked.EnsureSuccessStatusCode();
        await browser.Page.GotoAsync($"{server.Address}references/{reference}");
        string address = browser.Page.Url;
        Assert.Equal(["blur", "blur"], await BlursAsync());
        await browser.Page.ClickAsync(".rows img[data-veiled]");
        Assert.Equal(address, browser.Page.Url);
        Assert.Equal(["none", "blur"], await BlursAsync());
        await browser.Page.Keyboard.PressAsync("v");
        await browser.Page.Keyboard.PressAsync("b");
        Assert.Equal(["none", "none"], await BlursAsync());
        Assert.Empty(browser.Complaints);

        Task<string[]> BlursAsync() => browser.Page.EvaluateAsync<string[]>("[...document.querySelectorAll('.rows img')].map(x => getComputedStyle(x).filter.split('(')[0])");
    }

    [Fact]
    public async Task The_question_about_the_rest_is_asked_again_after_a_reload()
    {
        await using ConsoleBrowser browser = await ConsoleBrowser.OpenAsync(server, AccountRole.Caseworker, 1280);
        string host = $"{Guid.NewGuid():N}.example";
        await using (TouchstoneDb db = await server.OpenAsync())
        {
            ReferenceRow row = await SampleHits.AddReferenceAsync(db, "Ask lamp");
            ShopRow shop = await SampleHits.AddShopAsync(db, host);
            for (int i = 0; i < 13; i++) await SampleHits.AddAsync(db, row, shop, Touchstone.Screening.Storage.Blobs.BlobName.Of(server.Picture), 0.3);
        }
        await browser.Page.GotoAsync($"{server.Address}hits/wall?shop={host}");
        await browser.Page.CheckAsync(".wall input[type=checkbox] >> nth=0", new() { Force = true });
        await ConsoleBrowser.PressAsync(browser.Page, "R");
        Assert.Contains("Reject 12 hits?", await browser.Page.ContentAsync(), StringComparison.Ordinal);
        await browser.Page.ReloadAsync();
        Assert.Contains("Reject 12 hits?", await browser.Page.ContentAsync(), StringComparison.Ordinal);
        await ConsoleBrowser.PressAsync(browser.Page, "n");
        Assert.Equal(1, await browser.Page.Locator(".wall input[type=checkbox]:checked").CountAsync());
        await using TouchstoneDb after = await server.OpenAsync();
        Assert.Equal(13, await after.Hits.CountAsync(x => x.Listing!.Shop!.Host == host && x.State == HitState.New, Stop));
        await ConsoleBrowser.PressAsync(browser.Page, "R");
        await ConsoleBrowser.PressAsync(browser.Page, "y");
        Assert.Equal(12, await after.Hits.CountAsync(x => x.Listing!.Shop!.Host == host && x.State == HitState.Rejected, Stop));
        Assert.Empty(browser.Complaints);
    }

    private async Task<long> OpenAsync(HttpClient worker, string market)
    {
        using HttpResponseMessage opened = await worker.PostAsJsonAsync("/api/v1/cases", new { hitIds = new[] { await server.AddHitAsync() }, market }, Stop);
        return (await opened.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("id").GetInt64();
    }
}
