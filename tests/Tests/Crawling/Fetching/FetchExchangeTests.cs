using System.IO.Compression;
using System.Text;
using Touchstone.Crawling.Fetching;

namespace Touchstone.Tests.Crawling.Fetching;

/// <summary>What is kept of a fetch is what went over the wire, byte for byte.</summary>
public sealed class FetchExchangeTests
{
    private const string Head = "HTTP/1.1 200 All Fine\r\nX-Second: 1\r\nset-cookie: a=1\r\nContent-Type: text/html\r\nServer: Möwe\r\nSet-Cookie: b=2\r\nx-second:   2  \r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n";

    private static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);

    private static string Text(ReadOnlyMemory<byte> bytes) => Encoding.Latin1.GetString(bytes.Span);

    private static async Task<FetchOutcome> GetAsync(RawSite site, string path)
    {
        OutboundOptions options = new();
        options.AllowedInternalHosts.Add(site.Host);
        using OutboundHttp http = new(options, TimeProvider.System);
        return await http.GetAsync(site.Url(path), FetchLimits.Page, TestContext.Current.CancellationToken);
    }

    private static byte[] Packed(string text)
    {
        using MemoryStream to = new();
        using (GZipStream gzip = new(to, CompressionLevel.Optimal)) gzip.Write(Bytes(text));
        return to.ToArray();
    }

    [Fact]
    public async Task Heads_and_the_packed_body_are_kept_as_they_went_over_the_wire()
    {
        byte[] packed = Packed("<p>hello");
        using RawSite site = new(_ => [.. Bytes(Head), .. Bytes($"{packed.Length:x}\r\n"), .. packed, .. Bytes("\r\n0\r\n\r\n")]);
        FetchOutcome outcome = await GetAsync(site, "/p?a=1");
        FetchExchange exchange = Assert.Single(outcome.Exchanges);
        Assert.Equal("<p>hello", Text(outcome.Body));
        Assert.Equal(packed, exchange.Body.ToArray());
        Assert.True(exchange.IsWhole);
        Assert.Equal(Head, Text(exchange.ResponseHead));
        Assert.Equal(site.Heads.Single(), Text(exchange.RequestHead));
        Assert.Equal((site.Url("/p?a=1"), "GET", 200, "127.0.0.1"), (exchange.Url, exchange.Method, exchange.Status, exchange.Address));
        Assert.Equal(
            [new("X-Second", "1"), new("set-cookie", "a=1"), new("Content-Type", "text/html"), new("Server", "Möwe"), new("Set-Cookie", "b=2"), new("x-second", "2"), new("Content-Encoding", "gzip"), new("Transfer-Encoding", "chunked")],
            exchange.ResponseHeaders);
        Assert.Equal(("1, 2", null), (exchange.Header("X-Second"), exchange.Header("ETag")));
        Assert.Contains(new HttpField("Accept-Encoding", "gzip, deflate, br"), exchange.RequestHeaders);
        Assert.InRange(exchange.EndedAt, exchange.AskedAt, outcome.At);
    }

    [Fact]
    public async Task Requests_that_share_a_connection_have_an_exchange_each_and_a_redirect_is_one_of_its_own()
    {
        using RawSite site = new(path => path switch
        {
            "/1" => Bytes("HTTP/1.1 302 Found\r\nLocation: /2\r\nContent-Length: 4\r\n\r\nmove"),
            "/2" => Bytes("HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\nHTTP/1.1 200 OK\r\nX-Folded: a\r\n b\r\nContent-Length: 3\r\n\r\nend"),
            _ => null,
        });
        FetchOutcome outcome = await GetAsync(site, "/1");
        Assert.Equal("end", Text(outcome.Body));
        Assert.Equal([(site.Url("/1"), 302, ""), (site.Url("/2"), 200, "end")], outcome.Exchanges.Select(x => (x.Url, x.Status, Text(x.Body))));
        Assert.Equal([false, true], outcome.Exchanges.Select(x => x.IsWhole));
        Assert.Equal(site.Heads, outcome.Exchanges.Select(x => Text(x.RequestHead)));
        Assert.Equal(1, site.Connections);
        Assert.Equal("a b", outcome.Exchanges[1].Header("x-folded"));
        Assert.Null(outcome.Exchanges[1].Header("Link"));
    }

    [Fact]
    public async Task What_broke_off_is_kept_as_far_as_it_came()
    {
        using RawSite site = new(path => path == "/never" ? null : Bytes("HTTP/1.1 404 Gone\r\nContent-Length: 0\r\n\r\n"));
        FetchOutcome never = await GetAsync(site, "/never");
        Assert.Equal(FetchFailure.ConnectionFailed, never.Failure);
        Assert.All(never.Exchanges, x => Assert.Equal((0, "", false), (x.Status, Text(x.ResponseHead), x.IsWhole)));
        Assert.Single(never.Exchanges);
        FetchOutcome gone = await GetAsync(site, "/gone");
        Assert.Equal((FetchFailure.HttpStatus, 404), (gone.Failure, Assert.Single(gone.Exchanges).Status));
    }

    [Fact]
    public async Task What_was_refused_before_it_was_sent_has_no_exchange()
    {
        using OutboundHttp strict = new(new OutboundOptions(), TimeProvider.System);
        Assert.Empty((await strict.GetAsync("http://127.0.0.1:9/", FetchLimits.Page, TestContext.Current.CancellationToken)).Exchanges);
    }
}
