using System.Globalization;
using System.Net;

namespace Touchstone.Crawling.Fetching;

/// <summary>
/// The cookies of one visit, read as browsers read them: a value may hold commas, quotes and what is no ASCII, and what an attribute says wrongly is passed over. Source: RFC 6265,
/// sections 5.2 to 5.4. A visit is short: only what is over as it comes is taken away. Not safe for concurrent use.
/// </summary>
internal sealed class CookieJar
{
    // Characters of a name with its value, and cookies of one visit.
    private const int LongestCookie = 4_096, MostCookies = 300;

    // What takes a cookie away names a day long ago.
    private static readonly DateTimeOffset LongAgo = new(2001, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly List<Cookie> _cookies = [];

    /// <summary>The value of the Cookie header for a URL; empty where none goes there.</summary>
    public string HeaderFor(Uri to) => string.Join("; ", _cookies.Where(c => c.GoesTo(to)).OrderByDescending(static c => c.Path.Length).Select(static c => c.Name.Length == 0 ? c.Value : $"{c.Name}={c.Value}"));

    /// <summary>Takes a Set-Cookie header; whether it is new or has another value.</summary>
    /// <param name="now">The server's date; null where it states none.</param>
    public bool Take(string header, Uri from, DateTimeOffset? now)
    {
        if (header.AsSpan().ContainsAnyInRange('\0', '\u0008') || Read(header, from, now ?? LongAgo) is not { } read || read.Cookie.Name.Length + read.Cookie.Value.Length > LongestCookie) return false;
        int known = _cookies.FindIndex(c => c.IsOf(read.Cookie));
        bool changes = known < 0 ? !read.Over : read.Over || _cookies[known].Value != read.Cookie.Value;
        if (read.Over && known >= 0) _cookies.RemoveAt(known);
        else if (!read.Over && known >= 0) _cookies[known] = read.Cookie;
        else if (!read.Over && _cookies.Count < MostCookies) _cookies.Add(read.Cookie);
        return changes;
    }

    private static (Cookie Cookie, bool Over)? Read(string header, Uri from, DateTimeOffset now)
    {
        string[] parts = header.Split(';', StringSplitOptions.TrimEntries);
        int equals = parts[0].IndexOf('=', StringComparison.Ordinal);
        (string name, string value) = equals < 0 ? ("", parts[0]) : (parts[0][..equals].TrimEnd(), parts[0][(equals + 1)..].TrimStart());
        if (name.Length + value.Length == 0) return null;
        string folder = from.AbsolutePath[..Math.Max(1, from.AbsolutePath.LastIndexOf('/'))];
        Cookie cookie = new(name, value, from.IdnHost, true, folder, false);
        bool over = false, aged = false;
        foreach (string part in parts[1..])
        {
            int at = part.IndexOf('=', StringComparison.Ordinal);
            string said = at < 0 ? "" : part[(at + 1)..].Trim();
            switch ((at < 0 ? part : part[..at].TrimEnd()).ToLowerInvariant())
            {
                case "domain" when (said.StartsWith('.') ? said[1..] : said) is { Length: > 0 } domain:
                    cookie = cookie with { Host = domain.ToLowerInvariant(), HostOnly = IPAddress.TryParse(domain, out _) };
                    break;
                case "path":
                    cookie = cookie with { Path = said.StartsWith('/') ? said : folder };
                    break;
                case "max-age" when long.TryParse(said, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long seconds):
                    (over, aged) = (seconds <= 0, true);
                    break;
                case "expires" when !aged && CookieDate.Read(said) is { } end:
                    over = end <= now;
                    break;
                case "secure":
                    cookie = cookie with { Secure = true };
                    break;
            }
        }
        // The last of several attributes of a name counts.
        return (cookie.Secure && !IsSafe(from)) || !IsOwn(from, cookie.Host) ? null : (cookie, over);
    }

    /// <summary>Whether a host may set cookies for a domain: its own, or one above it that is no top-level domain.</summary>
    private static bool IsOwn(Uri from, string domain) =>
        from.IdnHost.Equals(domain, StringComparison.OrdinalIgnoreCase) || (domain.Contains('.', StringComparison.Ordinal) && !IPAddress.TryParse(from.IdnHost, out _) && from.IdnHost.EndsWith("." + domain, StringComparison.OrdinalIgnoreCase));

    // What is asked on this machine passes no wire.
    private static bool IsSafe(Uri address) => address.Scheme == Uri.UriSchemeHttps || address.IsLoopback;

    private sealed record Cookie(string Name, string Value, string Host, bool HostOnly, string Path, bool Secure)
    {
        public bool IsOf(Cookie other) => Name == other.Name && Host == other.Host && Path == other.Path;

        public bool GoesTo(Uri to) =>
            (to.IdnHost.Equals(Host, StringComparison.OrdinalIgnoreCase) || (!HostOnly && to.IdnHost.EndsWith("." + Host, StringComparison.OrdinalIgnoreCase)))
            && to.AbsolutePath.StartsWith(Path, StringComparison.Ordinal) && (Path.EndsWith('/') || to.AbsolutePath.Length == Path.Length || to.AbsolutePath[Path.Length] == '/')
            && (!Secure || IsSafe(to));
    }
}
