using System.IO.Compression;
using System.Text;
using Touchstone.Crawling.Fetching;
using ZstdSharp;

namespace Touchstone.Tests.Crawling.Fetching;

/// <summary>Answers that are written as no standard asks, and that browsers read.</summary>
public sealed class OddAnswersTests
{
    [Theory]
    [InlineData("Location: /caf\u00E9?q=\u00FC", "/caf%E9?q=%FC")]
    [InlineData("Location: /caf\u00C3\u00A9", "/caf%C3%A9")]
    [InlineData("Location:   /two words/  ", "/two%20words/")]
    [InlineData("Location: next\\page", "/shop/next/page")]
    [InlineData("Location: ?page=2#top", "/shop/start?page=2")]
    [InlineData("Location: //HOST/other", "/other")]
    [InlineData("Location: \\\\HOST\\other", "/other")]
    [InlineData("Location: http:/other", "/other")]
    [InlineData("Location: ///HOST/other", "/other")]
    [InlineData("location: /100%/%7Ea|b", "/100%/%7Ea|b")]
    [InlineData("Location: \r\nLocation: /other", "/other")]
    [InlineData("Location: /a, b", "/a,%20b")]
    public async Task A_redirect_leads_where_browsers_go(string header, string asked)
    {
        using RawSite site = Site(out Func<string, string> answer, "302 Found", header);
        FetchOutcome outcome = await GetAsync(site, answer);
        Assert.Null(outcome.Failure);
        Assert.Equal($"GET {asked} HTTP/1.1", site.Heads[^1].Split("\r\n")[0]);
        Assert.Equal(site.Url(asked), outcome.FinalUrl);
    }

    [Theory]
    [InlineData("Refresh: 0; url=/caf\u00E9", "/caf%E9")]
    [InlineData("refresh: 1, URL = 'next'", "/shop/next")]
    [InlineData("Refresh: 0;//HOST/other", "/other")]
    public async Task A_refresh_in_the_head_is_a_redirect(string header, string asked)
    {
        using RawSite site = Site(out Func<string, string> answer, "200 OK", header);
        await GetAsync(site, answer);
        Assert.Equal($"GET {asked} HTTP/1.1", site.Heads[^1].Split("\r\n")[0]);
    }

    [Theory]
    [InlineData("Location: javascript:void(0)")]
    [InlineData("Location: mailto:shop@shop.example")]
    [InlineData("Location: http://[::1/")]
    public async Task A_redirect_to_what_is_no_page_is_said(string header)
    {
        using RawSite site = Site(out Func<string, string> answer, "302 Found", header);
        Assert.Equal(FetchFailure.BadUrl, (await GetAsync(site, answer)).Failure);
        Assert.Single(site.Heads);
    }

    [Theory]
    [InlineData("zstd", "zstd")]
    [InlineData("zstd", "gzip")]
    [InlineData("gzip", "br")]
    [InlineData("gzip", null)]
    [InlineData("br", "BR, utf-8")]
    public async Task A_body_is_unpacked_as_it_is_packed(string packed, string? called)
    {
        const string page = "<html><h1>Teapot</h1></html>";
        byte[] body = Pack(packed, Encoding.UTF8.GetBytes(page));
        string head = $"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n{(called is null ? "" : $"Content-Encoding: {called}\r\n")}Content-Length: {body.Length}\r\n\r\n";
        using RawSite site = new(_ => [.. Encoding.ASCII.GetBytes(head), .. body]);
        Assert.Equal(page, Encoding.UTF8.GetString((await GetAsync(site, x => x)).Body.Span));
    }

    [Fact]
    public async Task A_small_packed_body_unfolds_to_no_more_than_the_limit()
    {
        byte[] body = Pack("zstd", new byte[4 << 20]);
        using RawSite site = new(_ => [.. Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Encoding: zstd\r\nContent-Length: {body.Length}\r\n\r\n"), .. body]);
        Assert.Equal(FetchFailure.TooManyBytes, (await GetAsync(site, x => x, new FetchLimits { MaxBytes = 1 << 20 })).Failure);
    }

    [Theory]
    [InlineData("0; url=list", "https://shop.example/p", "https://shop.example/en/", "https://shop.example/en/list")]
    [InlineData("0; url=./", "https://shop.example/p", "https://shop.example/en/", "https://shop.example/en/")]
    [InlineData("0; url=/p#top", "https://shop.example/p", "https://shop.example/en/", null)]
    public void A_refresh_is_relative_to_what_the_page_declares(string content, string page, string start, string? target) => Assert.Equal(target, RefreshTarget.Of(content, page, start));

    private static RawSite Site(out Func<string, string> hosted, string status, string header)
    {
        string host = "";
        hosted = name => host = name;
        return new RawSite(path => path == "/shop/start"
            ? Encoding.Latin1.GetBytes($"HTTP/1.1 {status}\r\n{header.Replace("HOST", host, StringComparison.Ordinal)}\r\nContent-Length: 0\r\n\r\n")
            : "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 3\r\n\r\n<p>"u8.ToArray());
    }

    private static async Task<FetchOutcome> GetAsync(RawSite site, Func<string, string> hosted, FetchLimits? limits = null)
    {
        hosted(site.Host);
        OutboundOptions options = new() { ContactUrl = "https://authority.example/crawler" };
        options.AllowedInternalHosts.Add(site.Host);
        using OutboundHttp http = new(options, TimeProvider.System);
        return await http.GetAsync(site.Url("/shop/start"), limits ?? FetchLimits.Page, TestContext.Current.CancellationToken);
    }

    private static byte[] Pack(string coding, byte[] plain)
    {
        using MemoryStream to = new();
        using (Stream packed = coding switch
        {
            "gzip" => new GZipStream(to, CompressionLevel.Optimal),
            "br" => new BrotliStream(to, CompressionLevel.Optimal),
            _ => new CompressionStream(to),
        })
            packed.Write(plain);
        return to.ToArray();
    }
}
