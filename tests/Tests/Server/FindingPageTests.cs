using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Server.Security;
using Touchstone.Tests.Crawling;
using Touchstone.Tests.Screening.Finding;

namespace Touchstone.Tests.Server;

/// <summary>Finding shops, mandates, markets and lists of shops as people and programs use them.</summary>
[Collection(ServerSet.Name)]
public sealed class FindingPageTests(ServerFixture server)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_administrator_sets_a_service_a_caseworker_looks_for_shops_and_takes_one_into_a_search()
    {
        await using LoopbackSite web = await LoopbackSite.StartAsync();
        web.AsBrave(_ => [("https://lamps.example/p/1", "Lamp"), ("https://www.wikipedia.org/", "Lamp")]);
        using HttpClient admin = server.Client(AccountRole.Administrator), anna = server.Client(AccountRole.Caseworker);
        string set = await PostedForm.SeenAsync(admin, "/finding/services", "set-Brave", [("Input.Action", "set"), ("Input.Url", web.Url("/")), ("Input.Key", WebSearchServers.Key), ("Input.PauseMilliseconds", "0"), ("Input.IsOn", "true")], Stop);
        Assert.Contains("stored; leave empty to keep it", set, StringComparison.Ordinal);
        Assert.DoesNotContain(WebSearchServers.Key, set, StringComparison.Ordinal);
        // The server of the tests allows no internal address: that is what the test of the service says.
        string tested = await PostedForm.SeenAsync(admin, "/finding/services", "set-Brave", [("Input.Action", "test")], Stop);
        Assert.Contains("Its address is internal", tested, StringComparison.Ordinal);

        string made = await PostedForm.SeenAsync(anna, "/finding", "find", [("Input.Action", "make"), ("Input.Reference", "A-1"), ("Input.FindMarkets", "dk se"), ("Input.MostFoundShops", "5")], Stop);
        Assert.Contains("da: ", made, StringComparison.Ordinal);
        Assert.Contains("sv: ", made, StringComparison.Ordinal);
        string unknown = await PostedForm.SeenAsync(anna, "/finding", "find", [("Input.Action", "find"), ("Input.Reference", "A-999"), ("Input.FindMarkets", "DK"), ("Input.MostFoundShops", "5")], Stop);
        Assert.Contains("No reference has the number “A-999”", unknown, StringComparison.Ordinal);
        string nowhere = await PostedForm.SeenAsync(anna, "/finding", "find", [("Input.Action", "find"), ("Input.Terms", "lamp"), ("Input.FindMarkets", "XX"), ("Input.MostFoundShops", "5")], Stop);
        Assert.Contains("“XX” is no market", nowhere, StringComparison.Ordinal);

        long finding = await FoundAsync();
        string page = await anna.GetStringAsync($"/finding/{finding}", Stop);
        Assert.Contains("lamps.example", page, StringComparison.Ordinal);
        await using TouchstoneDb db = await server.OpenAsync();
        FoundShopRow shop = await db.FoundShops.AsNoTracking().FirstAsync(x => x.FindingId == finding, Stop);
        string rejected = await PostedForm.SeenAsync(anna, $"/finding/{finding}", "found", [("Input.Action", "reject"), ("Input.Chosen", $"{shop.Id}")], Stop);
        Assert.Contains("1 shop is rejected.", rejected, StringComparison.Ordinal);
        using HttpResponseMessage taken = await PostedForm.SendAsync(anna, $"/finding/{finding}", "found", [("Input.Action", "take"), ("Input.Chosen", $"{shop.Id}")], Stop);
        Assert.StartsWith("/searches/", new Uri(server.Address, taken.Headers.Location!).AbsolutePath, StringComparison.Ordinal);
        string none = await PostedForm.SeenAsync(anna, $"/finding/{finding}", "found", [("Input.Action", "take")], Stop);
        Assert.Contains("Choose shops that this finding proposes.", none, StringComparison.Ordinal);
        string nowhereElse = await PostedForm.SeenAsync(anna, $"/finding/{finding}", "found", [("Input.Action", "take"), ("Input.Chosen", $"{shop.Id}"), ("Input.Into", "999999"), ("Input.Ignore", "true")], Stop);
        Assert.Contains($"name=\"Input.Chosen\" value=\"{shop.Id}\" checked", nowhereElse, StringComparison.Ordinal);
        Assert.Contains("name=\"Input.Ignore\" value=\"true\" checked", nowhereElse, StringComparison.Ordinal);
        using HttpResponseMessage gone = await anna.GetAsync("/finding/999999", Stop);
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
        string forgotten = await PostedForm.SeenAsync(admin, "/finding/services", "set-Brave", [("Input.Action", "remove")], Stop);
        Assert.DoesNotContain("stored; leave empty to keep it", forgotten, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Words_and_hosts_are_changed_and_changed_back()
    {
        using HttpClient anna = server.Client(AccountRole.Caseworker), viewer = server.Client(AccountRole.Viewer);
        string changed = await PostedForm.SeenAsync(anna, "/finding/words?language=pl&q=lighters", "words", [("Input.Language", "pl"), ("Input.Subjects[0]", "Lighters"), ("Input.Words[0]", "zapalniczka, zapalarka"), ("Input.NewSubject", "novelty lighter"), ("Input.NewWords", "zapalniczka ozdobna")], Stop);
        Assert.Contains("2 subjects are changed.", changed, StringComparison.Ordinal);
        using HttpResponseMessage terms = await viewer.GetAsync("/api/v1/search-terms?language=pl", Stop);
        JsonElement table = await terms.Content.ReadFromJsonAsync<JsonElement>(Stop);
        Assert.Contains(table.GetProperty("subjects").EnumerateArray(), x => x.GetProperty("subject").GetString() == "Lighters" && x.GetProperty("words")[1].GetString() == "zapalarka");
        Assert.Contains("1 subject is changed.", await PostedForm.SeenAsync(anna, "/finding/words?language=pl&q=lighters", "words", [("Input.Language", "pl"), ("Input.Reset", "Lighters")], Stop), StringComparison.Ordinal);

        Assert.Contains("a paper", await PostedForm.SeenAsync(anna, "/finding/left-out", "ignore", [("Input.Host", "news.example"), ("Input.Says", "ignore"), ("Input.Reason", "a paper")], Stop), StringComparison.Ordinal);
        Assert.Contains("is no host", await PostedForm.SeenAsync(anna, "/finding/left-out", "ignore", [("Input.Host", "no host"), ("Input.Says", "ignore")], Stop), StringComparison.Ordinal);
        Assert.DoesNotContain("a paper", await PostedForm.SeenAsync(anna, "/finding/left-out", "forget", [("Forgotten.Host", "news.example")], Stop), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mandate_is_recorded_under_the_name_of_whoever_records_it_and_ended()
    {
        using HttpClient admin = server.Client(AccountRole.Administrator);
        string until = TimeProvider.System.GetUtcNow().AddDays(20).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
        string recorded = await PostedForm.SeenAsync(admin, "/system/mandates", "mandate", [("Input.Host", "closed.example"), ("Input.LegalBasis", "Regulation (EU) 2019/1020"), ("Input.Until", until)], Stop);
        Assert.Contains("closed.example", recorded, StringComparison.Ordinal);
        Assert.Contains("A mandate ends later than now.", await PostedForm.SeenAsync(admin, "/system/mandates", "mandate", [("Input.Host", "closed.example"), ("Input.LegalBasis", "law"), ("Input.Until", "2020-01-01")], Stop), StringComparison.Ordinal);
        await using TouchstoneDb db = await server.OpenAsync();
        MandateRow row = await db.Mandates.AsNoTracking().SingleAsync(x => x.Host == "closed.example", Stop);
        Assert.Equal("key:test-Administrator", row.Approver);
        Assert.Contains("not needed any more", await PostedForm.SeenAsync(admin, "/system/mandates", $"end-{row.Id}", [("Ending.Reason", "not needed any more")], Stop), StringComparison.Ordinal);
        using HttpResponseMessage again = await admin.PostAsJsonAsync($"/api/v1/mandates/{row.Id}/end", new { reason = (string?)null }, Stop);
        Assert.Equal(HttpStatusCode.Conflict, again.StatusCode);
        Assert.Contains("Mandate recorded", await admin.GetStringAsync("/audit?action=mandate.recorded", Stop), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_list_of_shops_is_read_and_what_is_not_taken_is_named_before_anything_is_searched()
    {
        using HttpClient anna = server.Client(AccountRole.Caseworker);
        using var csv = new StringContent("url\nhttps://a.example/\nnowhere\n", Encoding.UTF8, "text/csv");
        using HttpResponseMessage read = await anna.PostAsync("/api/v1/searches/shop-list", csv, Stop);
        JsonElement list = await read.Content.ReadFromJsonAsync<JsonElement>(Stop);
        Assert.Equal(("https://a.example/", 3, "NoAddress"), (list.GetProperty("shopUrls")[0].GetString(), list.GetProperty("notTaken")[0].GetProperty("line").GetInt32(), list.GetProperty("notTaken")[0].GetProperty("problem").GetString()));
        Assert.Equal(1, list.GetProperty("rowsNotTaken").GetInt32());
        using HttpClient viewer = server.Client(AccountRole.Viewer);
        using var again = new StringContent("a.example", Encoding.UTF8, "text/csv");
        using HttpResponseMessage forbidden = await viewer.PostAsync("/api/v1/searches/shop-list", again, Stop);
        Assert.Equal(HttpStatusCode.Forbidden, forbidden.StatusCode);
        using var empty = new StringContent("", Encoding.UTF8, "text/csv");
        using HttpResponseMessage refused = await anna.PostAsync("/api/v1/searches/shop-list", empty, Stop);
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);

        string html = await anna.GetStringAsync("/searches/new", Stop);
        using var form = new MultipartFormDataContent { { new StringContent("new-search"), "_handler" }, { new StringContent(PostedForm.TokenOf(html)), "__RequestVerificationToken" }, { new StringContent("https://b.example/"), "Input.ShopUrls" }, { new StringContent("5"), "Input.PageBudget" }, { new StringContent("20"), "Input.MostFoundShops" }, { new ByteArrayContent("a.example\nnowhere\n"u8.ToArray()), "shops", "shops.csv" } };
        using HttpResponseMessage shown = await anna.PostAsync("/searches/new", form, Stop);
        string page = WebUtility.HtmlDecode(await shown.Content.ReadAsStringAsync(Stop));
        Assert.Contains("1 shop was taken from the list.", page, StringComparison.Ordinal);
        Assert.Contains("Line 2: it is no http or https address, and no host", page, StringComparison.Ordinal);
        Assert.Contains("https://b.example/\nhttps://a.example/", page.ReplaceLineEndings("\n"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Hits_are_asked_for_by_market_and_a_hit_shows_what_its_shop_says()
    {
        long id = await server.AddHitAsync(0.81);
        await using (TouchstoneDb db = await server.OpenAsync())
        {
            DateTimeOffset now = TimeProvider.System.GetUtcNow();
            if (!await db.ShopMarkets.AnyAsync(x => x.Host == "shop.example" && x.Country == "NO", Stop))
            {
                db.ShopMarkets.Add(new ShopMarketRow { Host = "shop.example", Country = "NO", Standing = MarketStanding.Targets });
                db.MarketSignals.Add(new MarketSignalRow { Host = "shop.example", Kind = Touchstone.Crawling.Extraction.Shop.MarketSignalKind.Dispatch, Countries = "NO", Text = "Fri frakt til Norge", PageUrl = "https://shop.example/frakt", FirstSeenAt = now, LastSeenAt = now });
                await db.SaveChangesAsync(Stop);
            }
        }
        using HttpClient viewer = server.Client(AccountRole.Viewer);
        Assert.Contains($"\"id\":{id},", await viewer.GetStringAsync("/api/v1/hits?market=NO&targets=true&limit=200", Stop), StringComparison.Ordinal);
        Assert.DoesNotContain($"\"id\":{id},", await viewer.GetStringAsync("/api/v1/hits?market=PT&limit=200", Stop), StringComparison.Ordinal);
        Assert.Contains("Fri frakt til Norge", await viewer.GetStringAsync($"/api/v1/hits/{id}", Stop), StringComparison.Ordinal);
        string page = WebUtility.HtmlDecode(await viewer.GetStringAsync($"/hits/{id}?market=NO", Stop));
        Assert.Contains("Fri frakt til Norge", page, StringComparison.Ordinal);
        Assert.Contains("NO · Norway", page, StringComparison.Ordinal);
        Assert.Contains("market=NO", page, StringComparison.Ordinal);
        using HttpResponseMessage wrong = await viewer.GetAsync("/api/v1/hits?market=norway", Stop);
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
        Assert.Contains("\"country\":\"NO\"", await viewer.GetStringAsync("/api/v1/markets", Stop), StringComparison.Ordinal);
        Assert.Contains("\"kind\":\"Dispatch\"", await viewer.GetStringAsync("/api/v1/markets/shops?host=shop.example", Stop), StringComparison.Ordinal);
    }

    private async Task<long> FoundAsync()
    {
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        await using TouchstoneDb db = await server.OpenAsync();
        var finding = new FindingRow { ReferenceId = server.ReferenceId, Terms = "lamp", Markets = "DK", MostShops = 5, State = FindingState.Finished, CreatedBy = "test", CreatedAt = now, FinishedAt = now };
        finding.Shops.Add(new FoundShopRow { Host = "lamps.example", Url = "https://lamps.example/p/1", Provider = "Brave Search", Query = "lamp", Market = "DK", Rank = 1, FoundAt = now });
        db.Findings.Add(finding);
        await db.SaveChangesAsync(Stop);
        return finding.Id;
    }
}
