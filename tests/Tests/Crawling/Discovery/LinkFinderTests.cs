using Touchstone.Crawling;
using Touchstone.Crawling.Discovery;
using Touchstone.Crawling.Frontier;

namespace Touchstone.Tests.Crawling.Discovery;

public sealed class LinkFinderTests
{
    private const string Page = "https://www.shop.example/c/toys/";

    private static FoundLinks Find(string html) => LinkFinder.Find(html, Page);

    [Fact]
    public void Links_of_the_site_are_found_once_and_resolved()
    {
        FoundLinks found = Find("<a href='/a#x'>1</a><a href='/a'>2</a><a href='../b?utm_source=z'>3</a><a href='https://shop.example/c'>4</a><a href='https://other.example/'>5</a><a href='mailto:a@b'>6</a><a href='javascript:void 0'>7</a><area href='/d'>");
        Assert.Equal(["https://www.shop.example/a", "https://www.shop.example/c/b", "https://shop.example/c", "https://www.shop.example/d"], found.Links.Select(l => l.Url));
        Assert.Equal(1, found.OffSite);
    }

    [Fact]
    public void The_declared_start_next_canonical_and_nofollow_are_read()
    {
        FoundLinks found = Find("<head><base href='/base/'><link rel='canonical' href='https://www.shop.example/toys'><link rel='next' href='?page=2'></head><a href='x'>x</a><a rel='nofollow' href='y'>y</a>");
        Assert.Equal("https://www.shop.example/toys", found.Canonical);
        FoundLink next = found.Links.Single(l => l.Url == "https://www.shop.example/base/?page=2");
        Assert.Equal(LinkRules.ListPriority, next.Priority);
        Assert.True(found.Links.Single(l => l.Url.EndsWith("/base/y", StringComparison.Ordinal)).NoFollow);
        Assert.Contains(found.Links, l => l.Url == "https://www.shop.example/base/x" && !l.NoFollow);
        Assert.Null(Find("<link rel=canonical href='https://elsewhere.example/'>").Canonical);
    }

    [Theory]
    [InlineData("0; URL='/en/'", "https://www.shop.example/en/")]
    [InlineData("0;url=/en/", "https://www.shop.example/en/")]
    [InlineData(" 3 , /en/", "https://www.shop.example/en/")]
    [InlineData("0.5;URL = \"https://other.example/x\"", "https://other.example/x")]
    [InlineData("300; url=/ticker", null)]
    [InlineData("5", null)]
    [InlineData("0; url=/c/toys/", null)]
    [InlineData("now; url=/en/", null)]
    public void A_refresh_leads_on(string content, string? target) =>
        Assert.Equal(target, Find($"<head><meta http-equiv='Refresh' content='{content.Replace("'", "&apos;", StringComparison.Ordinal)}'></head>").Refresh);

    [Fact]
    public void Frames_are_links() =>
        Assert.Equal(["https://www.shop.example/top", "https://www.shop.example/main"], Find("<html><frameset><frame src='/top'><frame src='/main'></frameset></html>").Links.Select(l => l.Url));

    [Fact]
    public void Lists_in_json_ld_are_products()
    {
        FoundLinks found = Find("""<script type="application/ld+json">{"@type":"ItemList","itemListElement":[{"@type":"ListItem","url":"https:\/\/www.shop.example\/duck"},{"@type":"ListItem","item":"/bear"}]}</script>""");
        Assert.Equal(["https://www.shop.example/duck", "https://www.shop.example/bear"], found.Links.Select(l => l.Url));
        Assert.All(found.Links, l => Assert.Equal(LinkRules.ProductPriority, l.Priority));
    }

    [Theory]
    [InlineData("/product/rubber-duck")]
    [InlineData("/p/123")]
    [InlineData("/rubber-duck-12345.html")]
    [InlineData("/item/9")]
    [InlineData("/en/products/duck")]
    [InlineData("/duck-p-4711")]
    [InlineData("/index.php?route=product/product&product_id=5")]
    public void Product_like_urls_come_first(string path) => Assert.Equal(LinkRules.ProductPriority, Judge(path).Priority);

    [Theory]
    [InlineData("/category/toys", LinkRules.ListPriority)]
    [InlineData("/collections/all?page=3", LinkRules.ListPriority)]
    [InlineData("/", LinkRules.OtherPriority)]
    [InlineData("/rubber-duck", LinkRules.OtherPriority)]
    [InlineData("/privacy-policy", LinkRules.InformationPriority)]
    [InlineData("/blog/our-ducks", LinkRules.InformationPriority)]
    public void Lists_come_before_the_rest_and_information_last(string path, int priority) => Assert.Equal(priority, Judge(path).Priority);

    [Theory]
    [InlineData("/cart", "excluded")]
    [InlineData("/de/warenkorb/", "excluded")]
    [InlineData("/account/login", "excluded")]
    [InlineData("/checkout/onepage/", "excluded")]
    [InlineData("/duck?add-to-cart=5", "excluded")]
    [InlineData("/a/b/a/b/a/b", "trap:repeating")]
    [InlineData("/events/2026/", "trap:calendar")]
    [InlineData("/2026/03/01/", "trap:calendar")]
    [InlineData("/x?year=2031&id=1", "trap:calendar")]
    [InlineData("/x?a=1&b=1&c=1&d=1&e=1&f=1&g=1&h=1&i=1", "trap:parameters")]
    [InlineData("/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17/18/19/20/21", "trap:depth")]
    public void Carts_accounts_and_traps_are_left_out_with_a_reason(string path, string reason) => Assert.Equal(reason, Judge(path).SkipReason);

    [Fact]
    public void An_endless_url_is_a_trap() => Assert.Equal("trap:length", Judge("/" + new string('a', 2001)).SkipReason);

    [Theory]
    [InlineData("/duck.JPG")]
    [InlineData("/manual.pdf")]
    [InlineData("/app.js")]
    [InlineData("/feed.rss")]
    public void Files_are_no_pages(string path) => Assert.True(Judge(path).IsAsset);

    [Fact]
    public void What_is_for_browsers_without_scripts_sends_nobody_elsewhere() => Assert.Null(Find("<head><noscript><meta http-equiv='refresh' content='0; url=/nojs'></noscript></head>").Refresh);

    [Theory]
    [InlineData("windows-1251", "https://www.shop.example/list?q=%F7%E0%E9&n=5")]
    [InlineData("koi8-r", "https://www.shop.example/list?q=%DE%C1%CA&n=5")]
    [InlineData("iso-8859-7", "https://www.shop.example/list?q=%26%231095%3B%26%231072%3B%26%231081%3B&n=5")]
    [InlineData("utf-8", "https://www.shop.example/list?q=%D1%87%D0%B0%D0%B9&n=5")]
    public void Queries_are_in_the_encoding_of_the_page(string charset, string url)
    {
        string page = $"<html><head><meta charset='{charset}'></head><body><a href='/list?q=чай&n=5'>x</a><a href='/чай'>y</a></body></html>";
        IReadOnlyList<FoundLink> links = PageReading.Read(page, "https://www.shop.example/", null).Links.Links;
        Assert.Equal([url, "https://www.shop.example/%D1%87%D0%B0%D0%B9"], links.Select(l => l.Url));
        Assert.Equal(url, PageReading.Read(page.Replace("<meta", "<x", StringComparison.Ordinal), "https://www.shop.example/", $"text/html; charset={charset}").Links.Links[0].Url);
    }

    [Fact]
    public void Broken_markup_is_no_obstacle() => Assert.Equal(["https://www.shop.example/x"], Find("<a href='/x'<div><<a href=><p").Links.Select(l => l.Url).Where(u => u.EndsWith("/x", StringComparison.Ordinal)));

    private static LinkView Judge(string path) => LinkRules.Judge(WebUrl.TryParse("https://shop.example" + path)!);
}
