using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Http;
using Touchstone.Crawling.Fetching;

namespace Touchstone.Tests.Crawling.Fetching;

public sealed class OutboundHttpTests : IAsyncLifetime
{
    private LoopbackSite _site = null!;
    private OutboundOptions _options = null!;
    private OutboundHttp _http = null!;

    public async ValueTask InitializeAsync()
    {
        _site = await LoopbackSite.StartAsync();
        _options = new OutboundOptions { ContactUrl = "https://authority.example/crawler" };
        _options.AllowedInternalHosts.Add(_site.Host);
        _http = new OutboundHttp(_options, TimeProvider.System);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _site.DisposeAsync();
    }

    private Task<FetchOutcome> GetAsync(string path, FetchLimits? limits = null) =>
        _http.GetAsync(path.StartsWith('/') ? _site.Url(path) : path, limits ?? FetchLimits.Page, TestContext.Current.CancellationToken);

    [Fact]
    public async Task A_page_comes_with_status_type_body_and_says_who_we_are()
    {
        _site.Html("/", "<p>hé");
        FetchOutcome outcome = await GetAsync("/");
        Assert.Null(outcome.Failure);
        Assert.Equal(200, outcome.Status);
        Assert.Equal("text/html; charset=utf-8", outcome.ContentType);
        Assert.Equal("<p>hé", Encoding.UTF8.GetString(outcome.Body.Span));
        Assert.Equal("operator", outcome.Policy);
        Assert.Equal("Touchstone/0.1 (+https://authority.example/crawler)", _site.Headers.Single()["User-Agent"]);
    }

    [Fact]
    public async Task Loopback_is_refused_unless_the_operator_allowed_this_host_and_port()
    {
        _site.Html("/", "secret");
        using OutboundHttp strict = new(new OutboundOptions(), TimeProvider.System);
        foreach (string url in new[] { _site.Url("/"), _site.Url("/").Replace("127.0.0.1", "localhost"), _site.Url("/").Replace("127.0.0.1", "[::ffff:127.0.0.1]"), _site.Url("/").Replace("127.0.0.1", "0x7f.1"), _site.Url("/").Replace("127.0.0.1", "2130706433") })
        {
            FetchOutcome outcome = await strict.GetAsync(url, FetchLimits.Page, TestContext.Current.CancellationToken);
            Assert.Equal(FetchFailure.ForbiddenAddress, outcome.Failure);
        }
        Assert.Empty(_site.Requests);
    }

    /// <summary>Once the other end has reset it, a new connection has no address to tell.</summary>
    [Fact]
    public async Task A_connection_that_is_reset_at_once_is_a_broken_one()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (_, stop) =>
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                await socket.ConnectAsync(listener.LocalEndpoint, stop);
                var stream = new NetworkStream(socket, ownsSocket: true);
                using (Socket peer = await listener.AcceptSocketAsync(stop)) peer.LingerState = new LingerOption(true, 0);
                socket.Poll(TimeSpan.FromSeconds(10), SelectMode.SelectRead);
                return stream;
            },
        };
        using var client = new HttpClient(new ConnectionFaults(handler));
        HttpRequestException broken = await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync("http://shop.example/", TestContext.Current.CancellationToken));
        Assert.IsType<SocketException>(broken.InnerException);
    }

    [Fact]
    public async Task A_redirect_to_an_internal_address_is_refused()
    {
        await using LoopbackSite inner = await LoopbackSite.StartAsync();
        inner.Html("/", "secret");
        _site.Redirect("/a", inner.Url("/")).Redirect("/b", "http://169.254.169.254/latest/meta-data/");
        Assert.Equal(FetchFailure.ForbiddenAddress, (await GetAsync("/a")).Failure);
        Assert.Equal(FetchFailure.ForbiddenAddress, (await GetAsync("/b")).Failure);
        Assert.Empty(inner.Requests);
    }

    [Fact]
    public async Task A_name_that_changes_its_address_is_judged_by_the_address_of_the_connection()
    {
        int asked = 0;
        HostResolver rebinding = (_, _) => Task.FromResult<IPAddress[]>([asked++ == 0 ? IPAddress.Parse("93.184.216.34") : IPAddress.Loopback]);
        OutboundGuard guard = new(new OutboundOptions(), rebinding);
        Assert.Equal(["93.184.216.34"], (await guard.CheckAsync("shop.example", 80, TestContext.Current.CancellationToken)).Select(a => a.ToString()));
        await Assert.ThrowsAsync<ForbiddenAddressException>(() => guard.CheckAsync("shop.example", 80, TestContext.Current.CancellationToken));

        int port = new Uri(_site.Url("/")).Port;
        using OutboundHttp http = new(new OutboundOptions(), TimeProvider.System, rebinding);
        FetchOutcome outcome = await http.GetAsync($"http://shop.example:{port}/", FetchLimits.Page, TestContext.Current.CancellationToken);
        Assert.Equal(FetchFailure.ForbiddenAddress, outcome.Failure);
        Assert.Empty(_site.Requests);
    }

    [Fact]
    public async Task One_internal_address_among_public_ones_forbids_the_name()
    {
        using OutboundHttp http = new(new OutboundOptions(), TimeProvider.System, (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse("93.184.216.34"), IPAddress.Parse("10.0.0.5")]));
        FetchOutcome outcome = await http.GetAsync("http://shop.example/", FetchLimits.Page, TestContext.Current.CancellationToken);
        Assert.Equal(FetchFailure.ForbiddenAddress, outcome.Failure);
        Assert.Contains("10.0.0.5", outcome.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_allowed_name_reaches_a_private_address_but_never_metadata()
    {
        OutboundOptions options = new();
        options.AllowedInternalHosts.Add("shop.internal");
        CancellationToken token = TestContext.Current.CancellationToken;
        Assert.Single(await new OutboundGuard(options, (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse("10.0.0.5")])).CheckAsync("shop.internal", 80, token));
        await Assert.ThrowsAsync<ForbiddenAddressException>(() => new OutboundGuard(options, (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse("169.254.169.254")])).CheckAsync("shop.internal", 80, token));
    }

    [Fact]
    public async Task A_name_without_address_and_a_closed_port_are_named()
    {
        using OutboundHttp http = new(_options, TimeProvider.System, (_, _) => throw new SocketException((int)SocketError.HostNotFound));
        Assert.Equal(FetchFailure.NameNotResolved, (await http.GetAsync("http://gone.example/", FetchLimits.Page, TestContext.Current.CancellationToken)).Failure);
        using Socket bound = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        bound.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        string closed = $"127.0.0.1:{((IPEndPoint)bound.LocalEndPoint!).Port}";
        _options.AllowedInternalHosts.Add(closed);
        Assert.Equal(FetchFailure.ConnectionFailed, (await GetAsync($"http://{closed}/")).Failure);
    }

    [Theory]
    [InlineData("ftp://example.com/")]
    [InlineData("file:///etc/passwd")]
    [InlineData("not a url")]
    public async Task Other_schemes_are_bad_urls(string url) => Assert.Equal(FetchFailure.BadUrl, (await GetAsync(url)).Failure);

    [Fact]
    public async Task Redirects_are_followed_up_to_the_limit_and_loops_end()
    {
        _site.Redirect("/1", "/2").Redirect("/2", "3?x=1#frag").Html("/3?x=1", "end").Redirect("/loop", "/loop2").Redirect("/loop2", "/loop");
        FetchOutcome outcome = await GetAsync("/1");
        Assert.Null(outcome.Failure);
        Assert.Equal(_site.Url("/1"), outcome.Url);
        Assert.Equal(_site.Url("/3?x=1"), outcome.FinalUrl);
        Assert.Equal(FetchFailure.TooManyRedirects, (await GetAsync("/1", new FetchLimits { MaxRedirects = 1 })).Failure);
        Assert.Equal(FetchFailure.TooManyRedirects, (await GetAsync("/loop")).Failure);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("deflate")]
    public async Task Compressed_bodies_are_unfolded_and_the_limit_counts_what_they_unfold_to(string encoding)
    {
        byte[] plain = new byte[1 << 20];
        _site.Bytes("/small", Compress(encoding, Encoding.UTF8.GetBytes("hello")), "text/html", encoding).Bytes("/bomb", Compress(encoding, plain), "text/html", encoding);
        Assert.Equal("hello", Encoding.UTF8.GetString((await GetAsync("/small")).Body.Span));
        Assert.Equal(plain.Length, (await GetAsync("/bomb", new FetchLimits { MaxBytes = plain.Length })).Body.Length);
        Assert.Equal(FetchFailure.TooManyBytes, (await GetAsync("/bomb", new FetchLimits { MaxBytes = plain.Length - 1 })).Failure);
        Assert.Equal(1000, (await GetAsync("/bomb", new FetchLimits { MaxBytes = 1000, CutAtMaxBytes = true })).Body.Length);
    }

    [Fact]
    public async Task All_members_of_a_packed_body_are_read()
    {
        _site.Bytes("/", [.. Compress("gzip", Encoding.UTF8.GetBytes("hel")), .. Compress("gzip", Encoding.UTF8.GetBytes("lo"))], "text/html", "gzip");
        Assert.Equal("hello", Encoding.UTF8.GetString((await GetAsync("/")).Body.Span));
    }

    [Fact]
    public async Task A_packed_body_whose_checksum_and_length_are_wrong_is_read_as_browsers_read_it()
    {
        byte[] packed = Compress("gzip", Encoding.UTF8.GetBytes("hello"));
        // A header with a name, a comment, a field of its own and a check of itself, as RFC 1952 allows.
        byte[] header = [.. packed[..3], 0b11110, .. packed[4..10], 3, 0, 1, 2, 3, .. "page.html\0"u8, .. "a shop\0"u8, 9, 9];
        _site.Bytes("/", [.. header, .. packed[10..^8], 1, 2, 3, 4, 5, 6, 7, 8], "text/html", "gzip");
        Assert.Equal("hello", Encoding.UTF8.GetString((await GetAsync("/")).Body.Span));
    }

    [Fact]
    public async Task A_corrupt_compressed_body_is_a_named_failure()
    {
        _site.Bytes("/", [0x1F, 0x8B, 1, 2], "text/html", "gzip");
        Assert.Equal(FetchFailure.ConnectionFailed, (await GetAsync("/")).Failure);
    }

    [Fact]
    public async Task A_server_that_does_not_answer_or_trickles_times_out()
    {
        _site.On("/never", context => Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default));
        _site.On("/trickle", async context =>
        {
            await context.Response.WriteAsync("a");
            await context.Response.Body.FlushAsync();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        });
        FetchLimits limits = new() { Time = TimeSpan.FromMilliseconds(200) };
        Assert.Equal(FetchFailure.TimedOut, (await GetAsync("/never", limits)).Failure);
        Assert.Equal(FetchFailure.TimedOut, (await GetAsync("/trickle", limits)).Failure);
    }

    [Fact]
    public async Task Statuses_are_failures_and_retry_after_is_read_as_seconds_and_as_a_date()
    {
        _site.Status("/gone", 410).Status("/busy", 503, "120").Status("/date", 429, DateTimeOffset.UtcNow.AddMinutes(10).ToString("R")).Status("/past", 429, "Wed, 21 Oct 2015 07:28:00 GMT");
        FetchOutcome gone = await GetAsync("/gone");
        Assert.Equal((FetchFailure.HttpStatus, 410), (gone.Failure, gone.Status));
        Assert.Equal(TimeSpan.FromSeconds(120), (await GetAsync("/busy")).RetryAfter);
        Assert.InRange((await GetAsync("/date")).RetryAfter!.Value, TimeSpan.FromMinutes(9), TimeSpan.FromMinutes(10));
        Assert.Equal(TimeSpan.Zero, (await GetAsync("/past")).RetryAfter);
    }

    [Fact]
    public async Task A_guarded_client_posts_to_allowed_hosts_only()
    {
        _site.Text("/hook", "ok");
        using HttpClient client = _http.CreateClient();
        using StringContent body = new("{}");
        using HttpResponseMessage response = await client.PostAsync(_site.Url("/hook"), body, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        HttpRequestException refused = await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(new Uri("http://169.254.169.254/"), TestContext.Current.CancellationToken));
        Assert.IsType<ForbiddenAddressException>(refused.InnerException);
    }

    [Fact]
    public void Options_report_every_problem_at_once()
    {
        OutboundOptions options = new() { ContactUrl = "nowhere", ConnectTimeout = TimeSpan.Zero, MaxConnectionsPerHost = 0 };
        ArgumentException e = Assert.Throws<ArgumentException>(() => new OutboundHttp(options, TimeProvider.System));
        Assert.Contains("ContactUrl", e.Message, StringComparison.Ordinal);
        Assert.Contains("ConnectTimeout", e.Message, StringComparison.Ordinal);
        Assert.Contains("MaxConnectionsPerHost", e.Message, StringComparison.Ordinal);
    }

    private static byte[] Compress(string encoding, byte[] plain)
    {
        using MemoryStream to = new();
        using (Stream packed = encoding switch
        {
            "gzip" => new GZipStream(to, CompressionLevel.Optimal),
            "br" => new BrotliStream(to, CompressionLevel.Optimal),
            _ => new ZLibStream(to, CompressionLevel.Optimal),
        })
            packed.Write(plain);
        return to.ToArray();
    }
}
