using Touchstone.Crawling;
using Touchstone.Crawling.Frontier;

namespace Touchstone.Tests.Crawling.Shops;

/// <summary>What a crawl could not read is told by its own reason, and what a limit dropped apart from what is no offer.</summary>
public sealed class SaidInWordsTests : IAsyncLifetime
{
    private const string Words = "<p>We sell many fine things for the house and the garden, and we have done so for many years to the joy of all.</p>";

    private LoopbackSite _site = null!;

    public async ValueTask InitializeAsync() => _site = await LoopbackSite.StartAsync();

    public async ValueTask DisposeAsync() => await _site.DisposeAsync();

    [Theory]
    [InlineData("/login?back=%2F")]
    [InlineData("/index.php?controller=authentication&back=x")]
    [InlineData("/index.php?route=account%2Flogin")]
    public async Task A_log_in_wall_is_said_and_the_log_in_never_asked_for(string target)
    {
        _site.Redirect("/", target).Html(target, "<form><input type=password></form>");
        await using CrawlHarness crawl = await CrawlAsync();
        Assert.Equal("Skipped log-in", crawl.Store.Fate(_site.Url("/")));
        Assert.DoesNotContain(target, _site.Requests);
    }

    [Fact]
    public async Task A_front_page_that_only_asks_for_a_password_is_a_log_in_wall()
    {
        _site.Html("/", $"<html><body><h1>Opening soon</h1>{Words}<form method=post><input type='password' name='password'></form><a href='/'>Home</a><a href='/account/login'>Staff</a></body></html>");
        await using CrawlHarness crawl = await CrawlAsync();
        Assert.Equal("Skipped log-in", crawl.Store.Fate(_site.Url("/")));
    }

    [Fact]
    public async Task A_page_whose_links_are_made_by_scripts_wants_a_browser()
    {
        _site.Html("/", $"<html><head><script src='/app.js'></script></head><body><h1>Shop</h1>{Words}{Words}{Words}{Words}<div class='grid' data-id='1'>Cup</div><div class='grid' data-id='2'>Bowl</div></body></html>");
        await using CrawlHarness crawl = await CrawlAsync();
        Assert.Equal("Done page:needs-browser", crawl.Store.Fate(_site.Url("/")));
    }

    [Fact]
    public async Task Links_in_clicks_and_in_the_state_of_scripts_are_followed()
    {
        _site.Html("/", """<html><body><h1>Shop</h1><div onclick="window.location.href='/product/duck'">Duck</div><script id="state" type="application/json">{"items":[{"url":"\/product\/bear","name":"Bear"},{"url":"\/cart\/add\/1"}]}</script></body></html>""")
            .Html("/product/duck", CrawlHarness.Product("Duck")).Html("/product/bear", CrawlHarness.Product("Bear"));
        await using CrawlHarness crawl = await CrawlAsync();
        Assert.Equal(["Bear", "Duck"], crawl.Sink.Listings);
        Assert.DoesNotContain("/cart/add/1", _site.Requests);
    }

    [Fact]
    public async Task What_limits_drop_is_lost_and_what_is_no_offer_is_only_skipped()
    {
        _site.Html("/", CrawlHarness.List([.. Enumerable.Range(1, 9).Select(i => $"/product/{i}"), "/cart", "https://elsewhere.example/"]));
        for (int i = 1; i < 10; i++) _site.Html($"/product/{i}", CrawlHarness.Product($"Thing {i}"));
        await using CrawlHarness crawl = new(null, null, _site);
        CrawlReport report = await crawl.RunAsync(CrawlHarness.Request(_site.Url("/")) with { PageBudgetPerHost = 4 });
        Assert.Equal(6, report.Counts.Where(c => CrawlReasons.IsLoss(c.Reason)).Sum(c => c.Count));
        Assert.Contains("budget", CrawlReasons.Explain("budget"), StringComparison.Ordinal);
        Assert.All(report.Counts.Where(c => c.State == FrontierState.Skipped), c => Assert.NotEqual(c.Reason, CrawlReasons.Explain(c.Reason!)));
    }

    [Fact]
    public async Task What_is_looked_for_comes_first_by_name_and_by_the_shop_s_own_search()
    {
        string[] products = [.. Enumerable.Range(1, 30).Select(i => $"/product/thing-{i}")];
        _site.Html("/", CrawlHarness.List([.. products, "/product/face-mask"]) + "<form action='/search'><input type='hidden' name='type' value='product'><input type='search' name='q'></form>")
            .Html("/search?type=product&q=face%20mask", CrawlHarness.List("/item/hidden")).Html("/item/hidden", CrawlHarness.Product("Respirator")).Html("/product/face-mask", CrawlHarness.Product("Face mask"));
        foreach (string path in products) _site.Html(path, CrawlHarness.Product("Thing " + path[15..]));
        await using CrawlHarness crawl = new(null, null, _site);
        CrawlReport report = await crawl.RunAsync(CrawlHarness.Request(_site.Url("/")) with { Words = ["face mask"] });
        Assert.Equal(["Face mask", "Respirator"], crawl.Sink.Pages.Select(p => p.Extraction.Listing?.Name).OfType<string>().Take(2).Order(StringComparer.Ordinal));
        Assert.Equal(32, report.Progress.Listings);
    }

    [Fact]
    public async Task One_wrong_canonical_address_for_all_products_makes_them_not_one()
    {
        _site.Html("/", CrawlHarness.List("/product/duck", "/product/bear"));
        foreach (string name in new[] { "duck", "bear" }) _site.Html($"/product/{name}", CrawlHarness.Product(name).Replace("<title>", "<link rel='canonical' href='/product/all'><title>", StringComparison.Ordinal));
        await using CrawlHarness crawl = await CrawlAsync();
        Assert.Equal(2, crawl.Sink.Pages.Select(p => p.Extraction.Listing?.Url).OfType<string>().Distinct().Count());
    }

    [Fact]
    public async Task Lists_that_are_said_to_be_empty_come_last_and_are_left_once_some_were()
    {
        string[] empty = [.. Enumerable.Range(1, 30).Select(i => $"/c/old-{i}")];
        string menu = string.Concat(empty.Select(path => $"<a href='{path}'>Old things (0)</a>"));
        _site.Html("/", CrawlHarness.List("/c/cups") + menu).Html("/c/cups", CrawlHarness.List("/product/cup") + menu).Html("/product/cup", CrawlHarness.Product("Cup", menu));
        foreach (string path in empty) _site.Html(path, "<html><body><h1>Old things</h1><p>There are no products to list in this category.</p>" + menu);
        await using CrawlHarness crawl = new(null, null, _site);
        CrawlReport report = await crawl.RunAsync(CrawlHarness.Request(_site.Url("/")));
        Assert.Equal(["Cup"], crawl.Sink.Listings);
        Assert.Equal(3, _site.Requests.Count(empty.Contains));
        Assert.Equal(27, report.Counts.Single(c => c.Reason == "empty-list").Count);
        Assert.DoesNotContain(report.Counts, c => CrawlReasons.IsLoss(c.Reason));
        Assert.Equal("/product/cup", _site.Requests.TakeWhile(r => !empty.Contains(r)).Last());
    }

    [Fact]
    public async Task Lists_that_are_wrongly_said_to_be_empty_are_all_read()
    {
        string[] lists = [.. Enumerable.Range(1, 30).Select(i => $"/c/old-{i}")];
        _site.Html("/", CrawlHarness.List() + string.Concat(lists.Select(path => $"<a href='{path}'>Old things (0)</a>")));
        for (int i = 0; i < lists.Length; i++) _site.Html(lists[i], CrawlHarness.List($"/product/cup-{i}")).Html($"/product/cup-{i}", CrawlHarness.Product($"Cup {i}"));
        await using CrawlHarness crawl = await CrawlAsync();
        Assert.Equal(30, crawl.Sink.Listings.Count());
    }

    [Fact]
    public async Task Parameters_under_which_a_product_shows_other_pictures_are_all_asked_for()
    {
        string[] names = ["Cup", "Bowl", "Plate", "Jug", "Mug"], variants = ["1", "2", "3"];
        _site.Html("/", CrawlHarness.List([.. names.SelectMany(n => variants.Select(v => $"/goods/{n}?variant={v}"))]));
        foreach (string name in names)
            foreach (string variant in variants)
                _site.Html($"/goods/{name}?variant={variant}", CrawlHarness.Product(name).Replace($"/i/{name}.jpg", $"/i/{name}-{variant}.jpg", StringComparison.Ordinal).Replace("<title>", $"<link rel='canonical' href='/{name}.html'><title>", StringComparison.Ordinal));
        await using CrawlHarness crawl = await CrawlAsync();
        Assert.Equal(15, crawl.Sink.Pages.SelectMany(p => p.Extraction.Listing?.Images ?? []).Distinct().Count());
    }

    private async Task<CrawlHarness> CrawlAsync()
    {
        CrawlHarness crawl = new(null, null, _site);
        await crawl.RunAsync(CrawlHarness.Request(_site.Url("/")));
        return crawl;
    }
}
