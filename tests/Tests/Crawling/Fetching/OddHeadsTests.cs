using System.Text;
using Touchstone.Crawling.Fetching;

namespace Touchstone.Tests.Crawling.Fetching;

/// <summary>Heads of answers that hold what is no header, and bodies that do not come as they are announced.</summary>
public sealed class OddHeadsTests
{
    private const string Page = "<html><h1>Teapot</h1></html>";

    [Theory]
    [InlineData("X Powered By: a tea house\r\n")]
    [InlineData("Warning: include(/srv/shop/menu): failed to open stream\r\n")]
    [InlineData("Notice - the shop's module was not found\r\n")]
    [InlineData("Notice - it goes\r\n on in a second line\r\n")]
    [InlineData("<!-- cached -->\r\n")]
    [InlineData(": nameless\r\n")]
    [InlineData("X-Gr\u00F6\u00DFe: 2\r\n")]
    [InlineData("X-[debug]: 1\r\n")]
    [InlineData("X-Lines: one\rtwo\r\n")]
    [InlineData("X-Nothing: a\0b\r\n")]
    public async Task What_is_no_header_is_passed_over(string line)
    {
        FetchOutcome outcome = await GetAsync($"HTTP/1.1 200 OK\r\n{line}Content-Type: text/html\r\nContent-Length: {Page.Length}\r\n\r\n{Page}");
        Assert.Null(outcome.Failure);
        Assert.Equal((Page, "text/html"), (Encoding.UTF8.GetString(outcome.Body.Span), outcome.ContentType));
        Assert.Contains(line, Encoding.Latin1.GetString(outcome.Exchanges[^1].ResponseHead.Span), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\r\nHTTP/1.1 200 OK\r\n")]
    [InlineData("http/1.1 200 OK\r\n")]
    [InlineData("HTTP/1.1 200\r\n")]
    [InlineData("HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\nno header\r\n\r\nHTTP/1.1 200 OK\r\n")]
    public async Task A_status_line_is_read_as_it_is_meant(string start)
    {
        FetchOutcome outcome = await GetAsync($"{start}Content-Type: text/html\r\nContent-Length: {Page.Length}\r\n\r\n{Page}");
        Assert.Equal((Page, 200), (Encoding.UTF8.GetString(outcome.Body.Span), outcome.Exchanges[^1].Status));
    }

    [Fact]
    public async Task Answers_on_one_connection_are_told_apart()
    {
        string answer = $"HTTP/1.1 200 OK\r\nno header\r\nContent-Length: {Page.Length}\r\n\r\n{Page}";
        using RawSite site = new(_ => Encoding.Latin1.GetBytes(answer));
        using OutboundHttp http = Client(site);
        for (int i = 0; i < 3; i++)
        {
            FetchOutcome outcome = await http.GetAsync(site.Url("/"), FetchLimits.Page, TestContext.Current.CancellationToken);
            Assert.Equal((Page, null), (Encoding.UTF8.GetString(outcome.Body.Span), outcome.Detail));
        }
        Assert.Equal(1, site.Connections);
    }

    [Theory]
    [InlineData("br")]
    [InlineData("deflate")]
    [InlineData("gzip")]
    public async Task A_page_that_is_called_packed_and_is_not_is_read(string called) =>
        Assert.Equal(Page, Encoding.UTF8.GetString((await GetAsync($"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: {called}\r\nContent-Length: {Page.Length}\r\n\r\n{Page}")).Body.Span));

    [Theory]
    [InlineData("301 Moved Permanently", "")]
    [InlineData("302 Found", "Location: \r\n")]
    public async Task A_redirect_to_nowhere_is_shown_as_it_is(string status, string header)
    {
        Assert.Equal(Page, Encoding.UTF8.GetString((await GetAsync($"HTTP/1.1 {status}\r\n{header}Content-Length: {Page.Length}\r\n\r\n{Page}")).Body.Span));
        Assert.Equal(FetchFailure.HttpStatus, (await GetAsync($"HTTP/1.1 {status}\r\n{header}Content-Length: 0\r\n\r\n")).Failure);
    }

    [Theory]
    [InlineData("404 Not Found", "image/jpeg", true)]
    [InlineData("410 Gone", "IMAGE/png", true)]
    [InlineData("404 Not Found", "text/html", false)]
    [InlineData("403 Forbidden", "image/jpeg", false)]
    public async Task A_picture_that_comes_with_not_found_is_taken(string status, string type, bool taken)
    {
        FetchOutcome outcome = await GetAsync($"HTTP/1.1 {status}\r\nContent-Type: {type}\r\nContent-Length: 7\r\n\r\npicture", FetchLimits.Image);
        Assert.Equal(taken ? null : FetchFailure.HttpStatus, outcome.Failure);
    }

    [Theory]
    [InlineData("Content-Length: 99\r\n\r\n" + Page)]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n1c\r\n" + Page + "\r\n")]
    public async Task Of_what_broke_off_a_page_is_what_came(string rest)
    {
        FetchOutcome outcome = await GetAsync("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n" + rest, closes: true);
        Assert.Equal((Page, true, null), (Encoding.UTF8.GetString(outcome.Body.Span), outcome.BrokeOff, outcome.Failure));
        Assert.False(outcome.Exchanges[^1].IsWhole);
        Assert.Equal(FetchFailure.ConnectionFailed, (await GetAsync("HTTP/1.1 200 OK\r\n" + rest, new FetchLimits(), closes: true)).Failure);
    }

    private static async Task<FetchOutcome> GetAsync(string answer, FetchLimits? limits = null, bool closes = false)
    {
        using RawSite site = new(_ => Encoding.Latin1.GetBytes(answer)) { Closes = closes };
        using OutboundHttp http = Client(site);
        return await http.GetAsync(site.Url("/"), limits ?? FetchLimits.Page, TestContext.Current.CancellationToken);
    }

    private static OutboundHttp Client(RawSite site)
    {
        OutboundOptions options = new() { ContactUrl = "https://authority.example/crawler" };
        options.AllowedInternalHosts.Add(site.Host);
        return new OutboundHttp(options, TimeProvider.System);
    }
}
