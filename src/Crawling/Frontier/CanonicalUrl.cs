using System.Text;
using System.Text.RegularExpressions;

namespace Touchstone.Crawling.Frontier;

/// <summary>What the canonical form leaves out. The defaults are those of a crawl.</summary>
public sealed record CanonicalOptions
{
    /// <summary>Drop what follows the hash. Default true.</summary>
    public bool DropFragment { get; init; } = true;

    /// <summary>Drop user name and password: they are never stored. Default true.</summary>
    public bool DropCredentials { get; init; } = true;

    /// <summary>
    /// Drop parameters that name a visit or a campaign and not a page: <c>utm_*</c>, click ids of advertising networks and session ids,
    /// also <c>;jsessionid=</c> in the path. Default true. <see cref="CanonicalUrl.IsTracking"/> decides.
    /// </summary>
    public bool DropTracking { get; init; } = true;

    public static CanonicalOptions Default { get; } = new();
}

/// <summary>
/// The one spelling of a page's URL: parsed as browsers parse it, lower-case Punycode host without a final dot, no default port, no dot segments,
/// normal percent-encoding, parameters sorted by name and value. A parameter without <c>=</c> keeps that form, because servers tell the two apart.
/// </summary>
/// <param name="Text">The URL by which pages are told apart.</param>
/// <param name="Host">The host, with the port if it is not the scheme's default.</param>
/// <param name="Address">The URL by which the page is asked for: its path and parameters as the site writes them, because robots rules name them so and servers may tell spellings apart.</param>
public sealed record CanonicalUrl(string Text, string Host, string Address)
{
    private static readonly HashSet<string> TrackingNames = new(StringComparer.OrdinalIgnoreCase)
    {
        "gclid", "gclsrc", "dclid", "gbraid", "wbraid", "gad_source", "gad_campaignid", "srsltid", "fbclid", "msclkid", "yclid", "ysclid", "twclid", "ttclid", "li_fat_id", "igshid", "epik",
        "mc_cid", "mc_eid", "_ga", "_gl", "_hsenc", "_hsmi", "_openstat", "vero_id", "wickedid", "mkt_tok", "oly_anon_id", "oly_enc_id", "__s", "s_cid", "rb_clickid",
        "jsessionid", "phpsessid", "oscsid", "zenid", "cfid", "cftoken", "xtcsid", "force_sid", "___sid",
    };

    // Names of sessions that shops also give to what they sell or list.
    private static readonly HashSet<string> SessionNames = new(StringComparer.OrdinalIgnoreCase) { "sid", "sessionid", "session_id", "session", "sess", "s" };

    // Of sessions that no list knows: modsid, sessid, bv_sessionid.
    private static readonly Regex SessionName = new("sess|sid$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);

    // What cannot be guessed has at least so many characters; a number of an item has fewer.
    private const int LeastSessionLength = 20;

    // A folder that ASP.NET puts into addresses for browsers without cookies.
    private static readonly Regex SessionFolder = new("/\\((?:[AFSX]\\([\\w-]+\\))*[AFS]\\([\\w-]{20,}\\)(?:[AFSX]\\([\\w-]+\\))*\\)/", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);

    private static readonly Regex SessionInPath = new(";(?:jsessionid=[^/;]*|phpsessid=[^/;]*|sid=[^/;]{20,})", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);

    /// <summary>The canonical form, relative to <paramref name="page"/> if given; null if the input is no valid http or https URL.</summary>
    /// <param name="queries">What the page's queries are encoded in; null: UTF-8.</param>
    public static CanonicalUrl? TryCreate(string input, string? page = null, CanonicalOptions? options = null, Encoding? queries = null)
    {
        options ??= CanonicalOptions.Default;
        WebUrl? start = page is null ? null : WebUrl.TryParse(page);
        return WebUrl.TryParse(input, start, queries) is { } parts ? Create(parts, options) : null;
    }

    /// <summary>Whether the parameter names a visit or a campaign. Under a name that may mean anything else only a value that looks like a session's does.</summary>
    public static bool IsTracking(string name, string? value)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (name.StartsWith("utm_", StringComparison.OrdinalIgnoreCase) || name.StartsWith("aspsessionid", StringComparison.OrdinalIgnoreCase) || TrackingNames.Contains(name)) return true;
        return (SessionNames.Contains(name) || SessionName.IsMatch(name)) && value is { Length: >= LeastSessionLength } && value.Any(char.IsAsciiDigit) && value.Any(char.IsAsciiLetter) && value.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or ',' or '.');
    }

    /// <summary>The site of a host, by which a shop is one with and without <c>www.</c>: in lower case, with its port if it has one.</summary>
    public static string SiteOf(string host)
    {
        ArgumentNullException.ThrowIfNull(host);
        string lower = host.ToLowerInvariant();
        return lower.StartsWith("www.", StringComparison.Ordinal) ? lower[4..] : lower;
    }

    public override string ToString() => Text;

    private static CanonicalUrl Create(WebUrl parts, CanonicalOptions options)
    {
        string path = options.DropTracking ? SessionFolder.Replace(SessionInPath.Replace(parts.Path, ""), "/") : parts.Path;
        string host = parts.HostName.Length > 1 ? parts.HostName.TrimEnd('.') : parts.HostName;
        WebUrl url = parts with
        {
            HostName = host,
            UserName = options.DropCredentials ? "" : parts.UserName,
            Password = options.DropCredentials ? "" : parts.Password,
            Path = PercentEncoding.Normalise(path),
            Fragment = options.DropFragment ? null : parts.Fragment,
        };
        (string? sorted, string? written) = Query(parts.Query, options);
        return new CanonicalUrl((url with { Query = sorted }).ToString(), url.Host, (url with { Path = path, Query = written }).ToString());
    }

    private static (string? Sorted, string? Written) Query(string? query, CanonicalOptions options)
    {
        if (string.IsNullOrEmpty(query)) return (null, null);
        List<(string Name, string? Value)> parameters = [];
        List<string> written = [];
        foreach (string part in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            int equals = part.IndexOf('=', StringComparison.Ordinal);
            string name = equals < 0 ? PercentEncoding.Normalise(part) : Form(part.AsSpan(0, equals));
            string? value = equals < 0 ? null : Form(part.AsSpan(equals + 1));
            if (options.DropTracking && IsTracking(name, value)) continue;
            parameters.Add((name, value));
            written.Add(part);
        }
        if (parameters.Count == 0) return (null, null);
        parameters.Sort((a, b) => string.CompareOrdinal(a.Name, b.Name) is not 0 and int order ? order : string.CompareOrdinal(a.Value, b.Value));
        return (string.Join('&', parameters.Select(p => p.Value is null ? p.Name : $"{p.Name}={p.Value}")), string.Join('&', written));
    }

    private static string Form(ReadOnlySpan<char> text)
    {
        StringBuilder to = new(text.Length + 8);
        PercentEncoding.AppendForm(to, PercentEncoding.Decode(text, plusIsSpace: true));
        return to.ToString();
    }
}
