using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Http;
using Touchstone.Crawling;
using Touchstone.Crawling.Fetching;
using Touchstone.Crawling.Rendering;

namespace Touchstone.Tests.Crawling.Rendering;

/// <summary>With the real browser; skipped visibly where none is installed.</summary>
public sealed class ChromiumRendererTests : IAsyncLifetime
{
    private const string Shell = "<!doctype html><html><head><script src='/app.js' defer></script></head><body><div id='root'></div><noscript>Please switch scripts on.</noscript></body></html>";
    private LoopbackSite _site = null!;

    public async ValueTask InitializeAsync() => _site = await LoopbackSite.StartAsync();

    public async ValueTask DisposeAsync() => await _site.DisposeAsync();

    [Fact]
    public async Task A_shop_that_its_script_draws_is_read()
    {
        RequireBrowser();
        _site.Html("/", Shell).Html("/product/1", Shell).Html("/product/2", Shell)
            .Text("/app.js", """
                const root = document.getElementById('root');
                if (location.pathname === '/') root.innerHTML = '<h1>Shop of things</h1><p>Our things are fine.</p><a href="/product/1">one</a><a href="/product/2">two</a><img src="/i.jpg">';
                else fetch('/api' + location.pathname + '.json').then(r => r.json()).then(p => {
                  document.title = p.name;
                  const s = document.createElement('script'); s.type = 'application/ld+json';
                  s.textContent = JSON.stringify({'@context': 'https://schema.org', '@type': 'Product', name: p.name, image: p.image, offers: {'@type': 'Offer', price: p.price, priceCurrency: 'EUR'}});
                  document.head.append(s); root.innerHTML = '<h1>' + p.name + '</h1><p>' + p.price + ' EUR</p>';
                });
                """, "text/javascript")
            .Text("/api/product/1.json", """{"name":"Drawn duck","price":"4.50","image":"/1.jpg"}""", "application/json")
            .Text("/api/product/2.json", """{"name":"Drawn bear","price":"7.50","image":"/2.jpg"}""", "application/json");
        await using CrawlHarness crawl = new(null, Patient(), _site);
        CrawlReport report = await crawl.RunAsync(CrawlHarness.Request(_site.Url("/")));
        Assert.Equal(["Drawn bear", "Drawn duck"], crawl.Sink.Listings);
        Assert.Equal((3, 3, 0), (report.Progress.Pages, report.Progress.Rendered, report.NeedBrowser));
        Assert.Equal("Done listing:rendered", crawl.Store.Fate(_site.Url("/product/1")));
        Assert.Single(_site.Requests, "/app.js");
        Assert.DoesNotContain("/i.jpg", _site.Requests);
        CrawledPage duck = crawl.Sink.Pages.Single(x => x.Fetch.Url == _site.Url("/product/1"));
        Assert.Equal([("/api/product/1.json", 200, true), ("/app.js", 200, true)], duck.Resources.Select(x => (new Uri(x.Url).AbsolutePath, x.Status, x.IsWhole)).Order());
        Assert.Contains("Drawn duck", Encoding.UTF8.GetString(duck.Resources.Single(x => x.Url.EndsWith(".json", StringComparison.Ordinal)).Body.Span), StringComparison.Ordinal);
    }

    /// <summary>What a busy machine makes of any page: nothing is shown yet when its time is over.</summary>
    [Fact]
    public async Task A_page_that_was_not_whole_in_its_time_is_given_more()
    {
        RequireBrowser();
        _site.Html("/", Shell)
            .Text("/app.js", """fetch('/api/links.json').then(r => r.json()).then(links => document.getElementById('root').innerHTML = '<h1>Shop of things</h1>' + links.map(l => `<a href="${l}">${l}</a>`).join(''));""", "text/javascript")
            .Html("/product/1", CrawlHarness.Product("Late duck"))
            .On("/api/links.json", async context =>
            {
                await Task.Delay(TimeSpan.FromSeconds(5), context.RequestAborted);
                await context.Response.WriteAsync("""["/product/1"]""", context.RequestAborted);
            });
        RenderingOptions options = new() { Time = TimeSpan.FromSeconds(3), RetryTime = Patient().Time };
        await using CrawlHarness crawl = new(null, options, _site);
        CrawlReport report = await crawl.RunAsync(CrawlHarness.Request(_site.Url("/")));
        Assert.Equal(["Late duck"], crawl.Sink.Listings);
        Assert.Equal("Done page:rendered", crawl.Store.Fate(_site.Url("/")));
        Assert.Equal(0, report.NeedBrowser);
    }

    /// <summary>A page that never rests is given more time once; after that the shop's pages are taken as they are, and said not to have been whole.</summary>
    [Fact]
    public async Task A_shop_whose_pages_never_rest_costs_the_longer_time_once()
    {
        RequireBrowser();
        _site.Html("/", Shell).Html("/a", Shell).Html("/b", Shell).Html("/c", Shell).Text("/tick", "1")
            .Text("/app.js", """
                setInterval(() => fetch('/tick'), 20);
                document.getElementById('root').innerHTML = '<h1>Shop of things</h1><p>Our things are fine.</p><a href="/a">one</a><a href="/b">two</a><a href="/c">three</a>';
                """, "text/javascript");
        await using CrawlHarness crawl = new(null, new RenderingOptions { Time = TimeSpan.FromSeconds(8), RetryTime = TimeSpan.FromSeconds(9) }, _site);
        CrawlReport report = await crawl.RunAsync(CrawlHarness.Request(_site.Url("/")));
        Assert.Equal(4, report.Progress.Pages);
        Assert.Equal("Done page:render-timeout", crawl.Store.Fate(_site.Url("/c")));
        Assert.Equal(5, _site.Requests.Count(x => x is "/" or "/a" or "/b" or "/c"));
    }

    [Fact]
    public async Task A_part_over_which_its_giver_breaks_is_left_out()
    {
        RequireBrowser();
        await using CrawlHarness crawl = new(null, Patient(), _site);
        RenderOutcome outcome = await crawl.Renderer.CaptureAsync(Document("<body><img src=/broken.png><script src=/broken.js></script><p>shown</p></body>"), (_, _, _) => throw new InvalidDataException("The bytes are not those."), TestContext.Current.CancellationToken);
        Assert.Contains("shown", outcome.Html, StringComparison.Ordinal);
        Assert.Equal(["/broken.js", "/broken.png"], outcome.Lacking.Select(x => new Uri(x).AbsolutePath).Order());
    }

    [Fact]
    public async Task A_page_is_tried_again_when_the_browser_did_not_start()
    {
        RequireBrowser();
        string folder = Directory.CreateTempSubdirectory("touchstone-browser-").FullName;
        string program = Path.Combine(folder, "browser"), started = Path.Combine(folder, "started");
        await File.WriteAllTextAsync(program, $"#!/bin/sh\n[ -f '{started}' ] && exec '{new RenderingOptions().FindExecutable()}' \"$@\"\ntouch '{started}'\nexit 1\n", TestContext.Current.CancellationToken);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        _site.Html("/", Shell).Text("/app.js", "document.getElementById('root').innerHTML = '<h1>Shop of things</h1><p>Our things are fine.</p>';", "text/javascript");
        RenderingOptions options = Patient();
        options.ExecutablePath = program;
        await using (CrawlHarness crawl = new(null, options, _site))
        {
            CrawlReport report = await crawl.RunAsync(CrawlHarness.Request(_site.Url("/")));
            Assert.Equal("Done page:rendered", crawl.Store.Fate(_site.Url("/")));
            Assert.Equal((1, 0), (report.Progress.Rendered, report.NeedBrowser));
        }
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Nothing_that_a_page_does_reaches_another_internal_host()
    {
        RequireBrowser();
        await using LoopbackSite secret = await LoopbackSite.StartAsync();
        string host = secret.Host;
        string html = $$"""
            <html><head><link rel=preconnect href="http://{{host}}"><link rel=dns-prefetch href="http://{{host}}"><link rel=stylesheet href="http://{{host}}/s.css"><link rel=prefetch href="http://{{host}}/p"></head><body>
            <iframe src="http://{{host}}/frame"></iframe><img src="http://{{host}}/i.png">
            <script>
              const say = t => document.body.append(t + ' ');
              fetch('http://{{host}}/fetch', {mode: 'no-cors'}).then(() => say('LEAKED'), () => say('fetch-refused'));
              fetch('/order', {method: 'POST'}).then(() => say('POSTED'), () => say('post-refused'));
              navigator.sendBeacon('http://{{host}}/beacon', 'x');
              const socket = new WebSocket('ws://{{host}}/socket'); socket.onopen = () => say('SOCKET'); socket.onclose = () => say('socket-closed');
              new EventSource('http://{{host}}/events');
              window.open('http://{{host}}/popup');
              setTimeout(() => { location.href = 'http://{{host}}/navigate'; }, 50);
            </script></body></html>
            """;
        await using CrawlHarness crawl = new(null, Patient(), _site);
        RenderOutcome outcome = await RenderAsync(crawl, html);
        Assert.True(outcome.Failure is null, $"{outcome.Failure}: {outcome.Detail}");
        Assert.Contains("fetch-refused", outcome.Html!, StringComparison.Ordinal);
        Assert.Contains("post-refused", outcome.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("LEAKED ", outcome.Html![outcome.Html!.IndexOf("</script>", StringComparison.Ordinal)..], StringComparison.Ordinal);
        Assert.True(outcome.Refused > 3);
        Assert.Empty(secret.Requests);
        Assert.DoesNotContain("/order", _site.Requests);
    }

    /// <summary>A script that leaves while the document is still being parsed ends the parsing, as in any browser; what was parsed until then comes.</summary>
    [Theory]
    [InlineData("location.href = '/elsewhere'", false)]
    [InlineData("location.replace('/elsewhere'); window.stop()", false)]
    [InlineData("const wait = setInterval(() => { if (!document.querySelector('p')) return; clearInterval(wait); location.href = '/elsewhere'; }, 5)", true)]
    [InlineData("for (let i = 0; i < 20; i++) { const wait = setInterval(() => { if (!document.querySelector('p')) return; clearInterval(wait); location.href = '/elsewhere?' + i; }, 1 + (i * 10)); }", true)]
    public async Task A_script_that_leaves_the_page_neither_stalls_nor_empties_it(string script, bool whole)
    {
        RequireBrowser();
        await using CrawlHarness crawl = new(null, Patient(), _site);
        _site.On("/slow.css", async context =>
        {
            await Task.Delay(TimeSpan.FromMilliseconds(300), context.RequestAborted);
            context.Response.ContentType = "text/css";
        });
        RenderOutcome outcome = await RenderAsync(crawl, $"<html><head><script>{script}</script><link rel=stylesheet href=/slow.css></head><body><p>shown</p><script>document.write('drawn')</script></body></html>");
        Assert.True(outcome.Failure is null, $"{outcome.Failure}: {outcome.Detail}");
        Assert.Contains("elsewhere", outcome.Html!, StringComparison.Ordinal);
        if (whole) Assert.Contains("shown", outcome.Html!, StringComparison.Ordinal);
        Assert.DoesNotContain(_site.Requests, r => r.StartsWith("/elsewhere", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_page_that_never_rests_ends_in_its_time()
    {
        RequireBrowser();
        RenderingOptions options = new() { Time = TimeSpan.FromSeconds(10) };
        await using CrawlHarness crawl = new(null, options, _site);
        _site.Text("/tick", "1");
        RenderOutcome busy = await RenderAsync(crawl, "<body><script>setInterval(() => fetch('/tick'), 20)</script><p>shown</p></body>");
        Assert.Contains("shown", busy.Html, StringComparison.Ordinal);
        Assert.False(busy.IsWhole);
        Assert.True(busy.Requests <= 200 + busy.Refused);
        options.Time = TimeSpan.FromSeconds(3);
        RenderOutcome stuck = await RenderAsync(crawl, "<body><script>for (;;) {}</script></body>");
        Assert.Equal(RenderFailure.TimedOut, stuck.Failure);
        options.Time = Patient().Time;
        RenderOutcome after = await RenderAsync(crawl, "<body><script>document.write('still here')</script></body>");
        Assert.Contains("still here", after.Html, StringComparison.Ordinal);
    }

    /// <summary>A script that keeps memory outside its heap, one that fills its heap, and one that grows the document.</summary>
    [Theory]
    [InlineData("const kept = []; setInterval(() => { for (let i = 0; i < 8; i++) { const part = new Uint8Array(8 << 20); part.fill(i + 1); kept.push(part); } fetch('/tick'); }, 10)")]
    [InlineData("const kept = []; setInterval(() => { for (let i = 0; i < 100000; i++) kept.push({ a: i, b: [i, i, i] }); fetch('/tick'); }, 5)")]
    [InlineData("setInterval(() => { for (let i = 0; i < 20000; i++) { const p = document.createElement('p'); p.append('grown ' + i); document.body.append(p); } fetch('/tick'); }, 5)")]
    public async Task A_page_that_takes_too_much_memory_ends_alone(string script)
    {
        RequireBrowser();
        RenderingOptions options = new() { Time = TimeSpan.FromSeconds(60), MaxMemory = 400L << 20, MaxRequests = 1_000_000 };
        await using CrawlHarness crawl = new(null, options, _site);
        _site.Text("/tick", "1");
        RenderOutcome outcome = await RenderAsync(crawl, $"<body><p>shown</p><script>{script}</script></body>");
        Assert.Equal(RenderFailure.PageCrashed, outcome.Failure);
        Assert.Contains("400 MiB", outcome.Detail, StringComparison.Ordinal);
        RenderOutcome after = await RenderAsync(crawl, "<body><script>document.write('still here')</script></body>");
        Assert.Contains("still here", after.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_datagram_leaves_the_browser_where_a_page_opens_a_call()
    {
        RequireBrowser();
        using UdpClient socket = new(new IPEndPoint(IPAddress.Loopback, 0));
        int port = ((IPEndPoint)socket.Client.LocalEndPoint!).Port;
        string html = $$"""
            <body><script>
              const call = new RTCPeerConnection({iceServers: [{urls: 'stun:127.0.0.1:{{port}}'}, {urls: 'turn:127.0.0.1:{{port}}?transport=udp', username: 'a', credential: 'b'}]});
              call.createDataChannel('x');
              call.createOffer().then(offer => call.setLocalDescription(offer)).then(() => document.body.append('offered'), e => document.body.append('refused ' + e));
              const other = 'v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0\r\nm=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\nc=IN IP4 127.0.0.1\r\na=ice-ufrag:abcd\r\na=ice-pwd:abcdefghijklmnopqrstuvwx\r\n'
                + 'a=fingerprint:sha-256 ' + Array(32).fill('AB').join(':') + '\r\na=setup:active\r\na=mid:0\r\na=sctp-port:5000\r\na=candidate:1 1 udp 2122260223 127.0.0.1 {{port}} typ host\r\n';
              setTimeout(() => call.setRemoteDescription({type: 'answer', sdp: other}).then(() => document.body.append(' answered'), e => document.body.append(' not answered ' + e)), 200);
              const wait = setInterval(() => fetch('/tick'), 100); setTimeout(() => clearInterval(wait), 4000);
            </script></body>
            """;
        _site.Text("/tick", "1");
        await using CrawlHarness crawl = new(null, Patient(), _site);
        RenderOutcome outcome = await RenderAsync(crawl, html);
        Assert.Contains("offered answered", outcome.Html!, StringComparison.Ordinal);
        Assert.Equal(0, socket.Available);
    }

    [Fact]
    public async Task A_missing_browser_is_a_named_failure()
    {
        await using ChromiumRenderer renderer = new(new RenderingOptions { ExecutablePath = "/nowhere/chromium" }, TimeProvider.System);
        Assert.False(renderer.IsAvailable);
        RenderOutcome outcome = await renderer.RenderAsync(Document("x"), (_, _, _) => throw new InvalidOperationException(), 1, TestContext.Current.CancellationToken);
        Assert.Equal(RenderFailure.BrowserMissing, outcome.Failure);
        Assert.Contains("apt-get install -y chromium", outcome.Detail, StringComparison.Ordinal);
    }

    private Task<RenderOutcome> RenderAsync(CrawlHarness crawl, string html) =>
        crawl.Renderer.RenderAsync(Document(html), (url, limits, token) => crawl.Fetcher.FetchPartAsync(url, limits, null, new Visit(), token), 1, TestContext.Current.CancellationToken);

    private FetchOutcome Document(string html) =>
        new() { Url = _site.Url("/page"), FinalUrl = _site.Url("/page"), Status = 200, ContentType = "text/html; charset=utf-8", Body = Encoding.UTF8.GetBytes(html) };

    /// <summary>A busy machine must not decide a test.</summary>
    private static RenderingOptions Patient() => new() { Time = TimeSpan.FromSeconds(30) };

    private static void RequireBrowser()
    {
        if (new RenderingOptions().FindExecutable() is null) Assert.Skip("Chromium is absent: apt-get install chromium");
    }
}
