using System.IO.Compression;
using System.Text;
using Microsoft.AspNetCore.Http;
using Touchstone.Crawling.Fetching;

namespace Touchstone.Tests.Crawling;

/// <summary>Ways into a shop that visitors' browsers take without being told, and pages that cannot be read.</summary>
public sealed class ShopEntryTests : IAsyncLifetime
{
    private LoopbackSite _site = null!;

    public async ValueTask InitializeAsync() => _site = await LoopbackSite.StartAsync();

    public async ValueTask DisposeAsync() => await _site.DisposeAsync();

    [Fact]
    public async Task A_shop_that_wants_its_cookie_back_is_read()
    {
        foreach ((string path, string html) in new[] { ("/", CrawlHarness.List("/product/1")), ("/product/1", CrawlHarness.Product("Duck")) })
            _site.On(path, context => context.Request.Cookies["seen"] == "1" ? WriteAsync(context, html) : Sent(context, path, "seen=1; Path=/; HttpOnly"));
        Assert.Equal(["Duck"], (await CrawlAsync()).Sink.Listings);
        Assert.Equal(1, _site.Requests.Count(r => r == "/product/1"));
    }

    [Fact]
    public async Task A_page_that_sets_the_cookie_and_sends_back_is_passed()
    {
        _site.On("/", context => context.Request.Cookies.ContainsKey("gate") ? WriteAsync(context, CrawlHarness.List("/product/1")) : Sent(context, "/gate?to=%2F", "asked=1; Path=/"))
            .On("/gate?to=%2F", context => Sent(context, "/", "gate=1; Path=/"))
            .Html("/product/1", CrawlHarness.Product("Duck"));
        Assert.Equal(["Duck"], (await CrawlAsync()).Sink.Listings);
    }

    [Theory]
    [InlineData("seen=1,2,3; Path=/", "seen=1,2,3")]
    [InlineData("seen={\"a\":1,\"b\":2}; path=/", "seen={\"a\":1,\"b\":2}")]
    [InlineData("$seen=1; Path=/; Expires=never", "$seen=1")]
    [InlineData("seen=1; Expires=Wed, 30 Nov 2099 10:00:00 UTC; Max-Age=60; Secure; SameSite=None", "seen=1")]
    [InlineData("seen=\u00E9\u00FC; Path=/", "seen=\u00E9\u00FC")]
    [InlineData("seen=a=b==; Domain=127.0.0.1; Version=1", "seen=a=b==")]
    [InlineData("seen=1; Domain=other.example; Domain=127.0.0.1; Path=/x; Path=", "seen=1")]
    [InlineData("seen=1; Expires=Mon Jan 02 10:00:00 2090 GMT+0100 (CET)", "seen=1")]
    [InlineData("seen=1; Expires=1-Januar-2090 0:0:0", "seen=1")]
    public void A_cookie_goes_back_as_it_came(string set, string sent)
    {
        CookieJar jar = new();
        Uri shop = new("http://127.0.0.1:8080/p/1");
        Assert.True(jar.Take(set, shop, null));
        Assert.False(jar.Take(set, shop, null));
        Assert.Equal(sent, jar.HeaderFor(new("http://127.0.0.1:8080/p/2")));
    }

    [Theory]
    [InlineData("a=1; Domain=shop.example; Path=/p", "https://img.shop.example/p/1.jpg", "a=1")]
    [InlineData("a=1; Domain=.shop.example; Path=/p/", "https://www.shop.example/p/2", "a=1")]
    [InlineData("a=1; Path=/p", "https://www.shop.example/pages", "")]
    [InlineData("a=1; Path=/", "https://img.shop.example/", "")]
    [InlineData("a=1; Domain=example", "https://www.shop.example/", "")]
    [InlineData("a=1; Domain=other.example", "https://other.example/", "")]
    [InlineData("a=1; Secure; Path=/", "http://www.shop.example/", "")]
    [InlineData("a=1; Max-Age=0; Path=/", "https://www.shop.example/", "")]
    [InlineData("a=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Path=/", "https://www.shop.example/", "")]
    [InlineData("a=1; Expires=Thursday, 01-Jan-70 00:00:00 GMT; Path=/", "https://www.shop.example/", "")]
    [InlineData("a=1; Expires=Thu Jan 01 1970 01:00:00 GMT+0100 (CET); Path=/", "https://www.shop.example/", "")]
    [InlineData("a=1; Expires=01/Jan/1970 0:0:1; Path=/", "https://www.shop.example/", "")]
    [InlineData("a=1; Domain=..shop.example; Path=/", "https://www.shop.example/", "")]
    [InlineData("a=1; Path=/p; Path=x", "https://www.shop.example/p/2", "a=1")]
    public void A_cookie_goes_only_where_it_belongs(string set, string to, string sent)
    {
        CookieJar jar = new();
        jar.Take(set, new Uri("https://www.shop.example/p/1"), null);
        Assert.Equal(sent, jar.HeaderFor(new Uri(to)));
    }

    [Theory]
    [InlineData("<html><head><meta http-equiv='refresh' content='0; url=/'></head><body>Please wait</body></html>")]
    [InlineData("<html><head><meta http-equiv='refresh' content='0'></head></html>")]
    [InlineData("<html><script>location.reload();</script></html>")]
    public async Task A_page_that_sets_its_cookie_and_asks_for_itself_again_is_passed(string html)
    {
        _site.On("/", context =>
            {
                if (context.Request.Cookies.ContainsKey("seen")) return WriteAsync(context, CrawlHarness.List("/product/1"));
                context.Response.Headers.SetCookie = "seen=1; Path=/";
                return WriteAsync(context, html);
            })
            .Html("/product/1", CrawlHarness.Product("Duck"));
        Assert.Equal(["Duck"], (await CrawlAsync()).Sink.Listings);
    }

    [Fact]
    public async Task A_page_elsewhere_that_sets_the_cookie_and_sends_back_is_passed()
    {
        _site.On("/", context => context.Request.Cookies.ContainsKey("gate") ? WriteAsync(context, CrawlHarness.List("/product/1")) : RedirectAsync(context, "/gate?to=%2F"))
            .On("/gate?to=%2F", context => Sent(context, "/", "gate=1; Path=/"))
            .Html("/product/1", CrawlHarness.Product("Duck"));
        Assert.Equal(["Duck"], (await CrawlAsync()).Sink.Listings);
    }

    [Fact]
    public async Task A_redirect_without_end_is_said_and_costs_few_requests()
    {
        _site.On("/", context => Sent(context, "/", $"n={Guid.NewGuid():n}; Path=/"));
        await using CrawlHarness crawl = await CrawlAsync();
        Assert.Equal("Failed too-many-redirects", crawl.Store.Fate(_site.Url("/")));
        Assert.InRange(_site.Requests.Count(r => r == "/"), 2, 6);
    }

    [Theory]
    [InlineData("<html><head><meta http-equiv='Refresh' content=\"0; URL='/en/'\"></head><body></body></html>", null)]
    [InlineData("<html><body>Welcome</body></html>", "0;url=/en/")]
    [InlineData("<html><head><title>Shop</title></head><frameset cols='20%,80%'><frame src='/menu'><frame src='/en/'></frameset></html>", null)]
    [InlineData("<html><body><iframe src='/en/' width='100%'></iframe></body></html>", null)]
    [InlineData("<html><head><script>window.location.replace('/en/');</script></head><body></body></html>", null)]
    [InlineData("<html><head><script>setTimeout(function () { document.location = \"/en/\" }, 100)</script></head><body>Please wait</body></html>", null)]
    [InlineData("<html><body onload=\"location.href='/en/'\"></body></html>", null)]
    public async Task The_home_page_may_only_lead_on(string html, string? header)
    {
        _site.On("/", context =>
        {
            if (header is not null) context.Response.Headers["Refresh"] = header;
            return WriteAsync(context, html);
        });
        _site.Html("/en/", CrawlHarness.List("/en/product/1")).Html("/en/product/1", CrawlHarness.Product("Duck"));
        Assert.Equal(["Duck"], (await CrawlAsync()).Sink.Listings);
    }

    [Theory]
    [InlineData("x-gzip", "gzip")]
    [InlineData("GZIP", "gzip")]
    [InlineData("deflate", "zlib")]
    [InlineData("deflate", "deflate")]
    [InlineData("br", "br")]
    [InlineData("gzip, gzip", "gzip gzip")]
    [InlineData("deflate, gzip", "zlib gzip")]
    [InlineData("gzip", "")]
    [InlineData("identity", "")]
    [InlineData("iso-8859-1", "")]
    [InlineData("gzip, chunked", "gzip")]
    public async Task Content_is_unpacked_by_whatever_its_coding_is_called(string label, string codings)
    {
        _site.Bytes("/", Packed(CrawlHarness.List("/product/1"), codings), "text/html", label).Bytes("/product/1", Packed(CrawlHarness.Product("Duck"), codings), "text/html", label);
        Assert.Equal(["Duck"], (await CrawlAsync()).Sink.Listings);
    }

    [Fact]
    public async Task A_page_that_was_not_read_is_never_done()
    {
        byte[] noise = new byte[3_000];
        new Random(5).NextBytes(noise);
        _site.Html("/", CrawlHarness.List("/product/1", "/product/2", "/product/3", "/product/4"))
            .Bytes("/product/1", noise, "text/html", "compress")
            .Bytes("/product/2", noise, "text/html")
            .Text("/product/3", "just words", "text/html")
            .Html("/product/4", CrawlHarness.Product("Duck").Replace("<html", "<meta charset=utf-7><html", StringComparison.Ordinal));
        await using CrawlHarness crawl = await CrawlAsync();
        Assert.Equal(["Duck"], crawl.Sink.Listings);
        Assert.Equal(["Failed unknown-coding", "Failed unreadable", "Skipped not-html", "Done listing"], Enumerable.Range(1, 4).Select(i => crawl.Store.Fate(_site.Url($"/product/{i}"))));
    }

    [Theory]
    [InlineData("gzip", "gzip")]
    [InlineData("br", "br")]
    public async Task A_packed_page_that_ends_early_gives_what_came(string label, string codings)
    {
        byte[] whole = Packed(CrawlHarness.Product("Duck") + string.Concat(Enumerable.Range(0, 4_000).Select(static i => $"<p>{i * 7919}</p>")), codings);
        _site.Html("/", CrawlHarness.List("/product/1", "/product/2")).Bytes("/product/1", whole[..^20], "text/html", label).Text("/product/2", "<html><h1>plain</h1></html>", "text/html");
        await using CrawlHarness crawl = await CrawlAsync();
        Assert.Equal(["Duck"], crawl.Sink.Listings);
    }

    [Fact]
    public async Task A_page_that_never_comes_whole_is_read_as_far_as_it_came()
    {
        using RawSite shop = new(path => path switch
        {
            "/" => Answer(CrawlHarness.List("/product/1", "/product/2"), 9),
            "/product/1" => Answer(CrawlHarness.Product("Duck"), 9),
            "/product/2" => Answer(CrawlHarness.Product("Goose"), 0),
            _ => Encoding.ASCII.GetBytes("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"),
        }) { Closes = true };
        await using CrawlHarness crawl = new(null, null, null, shop.Host);
        await crawl.RunAsync(CrawlHarness.Request(shop.Url("/")));
        Assert.Equal(["Duck", "Goose"], crawl.Sink.Listings.Order());
        // The shop's other pages are known to be so, and asked for once.
        Assert.Equal((3, 1), (shop.Heads.Count(h => h.StartsWith("GET / ", StringComparison.Ordinal)), shop.Heads.Count(h => h.StartsWith("GET /product/1 ", StringComparison.Ordinal))));
        static byte[] Answer(string html, int more) => Encoding.UTF8.GetBytes($"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\nContent-Length: {Encoding.UTF8.GetByteCount(html) + more}\r\n\r\n{html}");
    }

    [Fact]
    public async Task What_is_not_packed_as_it_says_ends_no_run()
    {
        _site.Html("/", CrawlHarness.List("/product/1", "/product/2")).Bytes("/product/1", "<html><h1>plain</h1></html>"u8.ToArray(), "text/html", "br").Html("/product/2", CrawlHarness.Product("Duck"));
        await using CrawlHarness crawl = await CrawlAsync();
        Assert.Equal(["Duck"], crawl.Sink.Listings);
    }

    [Fact]
    public async Task A_sitemap_that_is_packed_twice_is_read()
    {
        string map = $"<urlset><url><loc>{_site.Url("/product/1")}</loc></url></urlset>";
        _site.Text("/robots.txt", $"Sitemap: {_site.Url("/map.xml.gz")}").Bytes("/map.xml.gz", Packed(map, "gzip gzip"), "application/gzip", "gzip")
            .Html("/", CrawlHarness.List()).Html("/product/1", CrawlHarness.Product("Duck"));
        Assert.Equal(["Duck"], (await CrawlAsync()).Sink.Listings);
    }

    [Fact]
    public async Task Rules_hold_for_links_as_the_shop_writes_them_and_one_page_is_fetched_once()
    {
        _site.Text("/robots.txt", "User-agent: *\nDisallow: /*?dir=")
            .Html("/", CrawlHarness.List("/list?dir=asc&cat=5", "/product/1?b=1&a=2", "/product/1?a=2&b=1"))
            .Html("/product/1?b=1&a=2", CrawlHarness.Product("Duck"));
        Assert.Equal(["Duck"], (await CrawlAsync()).Sink.Listings);
        Assert.DoesNotContain(_site.Requests, r => r.StartsWith("/list", StringComparison.Ordinal) || r == "/product/1?a=2&b=1");
    }

    [Theory]
    [InlineData("http://{0}/p/1#top", "http://{0}/p/1")]
    [InlineData("http://shop.example/p/1", "http://shop.example/")]
    [InlineData("https://shop.example/p/1", null)]
    [InlineData("about:blank", null)]
    public async Task A_picture_is_asked_for_from_its_page(string page, string? referrer)
    {
        _site.Bytes("/i.jpg", [1], "image/jpeg");
        await using CrawlHarness crawl = new(null, null, _site);
        string from = string.Format(System.Globalization.CultureInfo.InvariantCulture, page, _site.Host);
        Assert.Null((await crawl.Fetcher.FetchPartAsync(_site.Url("/i.jpg"), FetchLimits.Image, null, new Visit(from), TestContext.Current.CancellationToken)).Failure);
        string? expected = referrer is null ? null : string.Format(System.Globalization.CultureInfo.InvariantCulture, referrer, _site.Host);
        Assert.Equal(expected, _site.Headers.Last().TryGetValue("Referer", out string? sent) ? sent : null);
    }

    private async Task<CrawlHarness> CrawlAsync()
    {
        CrawlHarness crawl = new(null, null, _site);
        await crawl.RunAsync(CrawlHarness.Request(_site.Url("/")));
        return crawl;
    }

    private static Task Sent(HttpContext context, string target, string cookie)
    {
        context.Response.Headers.SetCookie = cookie;
        context.Response.Redirect(target);
        return Task.CompletedTask;
    }

    private static Task RedirectAsync(HttpContext context, string target)
    {
        context.Response.Redirect(target);
        return Task.CompletedTask;
    }

    private static Task WriteAsync(HttpContext context, string html)
    {
        context.Response.ContentType = "text/html; charset=utf-8";
        return context.Response.WriteAsync(html);
    }

    private static byte[] Packed(string text, string codings)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        foreach (string coding in codings.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            using MemoryStream to = new();
            using (Stream pack = coding switch { "gzip" => new GZipStream(to, CompressionLevel.Fastest), "zlib" => new ZLibStream(to, CompressionLevel.Fastest), "deflate" => new DeflateStream(to, CompressionLevel.Fastest), _ => new BrotliStream(to, CompressionLevel.Fastest) })
                pack.Write(bytes);
            bytes = to.ToArray();
        }
        return bytes;
    }
}
