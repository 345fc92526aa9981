namespace Touchstone.Crawling.Fetching;

/// <summary>
/// What a visitor's browser would send along: the cookies that the site set during this visit, and the page that shows a picture. Cookies are kept in memory
/// until the visit ends and go only where they came from (RFC 6265). Safe for concurrent use.
/// </summary>
public sealed class Visit(string? page = null)
{
    // Also the lock of its own reading and writing.
    private readonly CookieJar _cookies = new();
    private readonly Uri? _page = Uri.TryCreate(page, UriKind.Absolute, out Uri? uri) && uri.Scheme is "http" or "https" ? uri : null;
    private int _version;

    /// <summary>Grows with each cookie that is new or has another value.</summary>
    internal int Version => Volatile.Read(ref _version);

    /// <summary>The same cookies, asked from another page.</summary>
    public Visit From(string page) => new(page, this);

    private Visit(string page, Visit other)
        : this(page) => _cookies = other._cookies;

    internal void AddTo(HttpRequestMessage request, Uri to)
    {
        string cookies;
        lock (_cookies) cookies = _cookies.HeaderFor(to);
        if (cookies.Length > 0) request.Headers.TryAddWithoutValidation("Cookie", cookies);
        if (Referrer(to) is { } referrer) request.Headers.TryAddWithoutValidation("Referer", referrer);
    }

    internal void Take(HttpResponseMessage response, Uri from)
    {
        if (!response.Headers.TryGetValues("Set-Cookie", out IEnumerable<string>? cookies)) return;
        lock (_cookies)
            foreach (string cookie in cookies)
                if (_cookies.Take(cookie, from, response.Headers.Date)) Interlocked.Increment(ref _version);
    }

    /// <summary>As browsers do by default (strict-origin-when-cross-origin): the whole address within one origin, the origin alone elsewhere, nothing from https to http.</summary>
    private string? Referrer(Uri to)
    {
        if (_page is null || (_page.Scheme == "https" && to.Scheme == "http")) return null;
        bool same = _page.Scheme == to.Scheme && _page.Authority.Equals(to.Authority, StringComparison.OrdinalIgnoreCase);
        return same ? _page.GetComponents(UriComponents.HttpRequestUrl, UriFormat.UriEscaped) : $"{_page.Scheme}://{_page.Authority}/";
    }
}
