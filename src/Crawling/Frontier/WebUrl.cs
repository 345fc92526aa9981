using System.Text;

namespace Touchstone.Crawling.Frontier;

/// <summary>
/// An http or https URL in its parts. Source: the parser of the URL Standard (url.spec.whatwg.org, section 4.4) for these two schemes;
/// System.Uri differs from browsers on back-slashes, white space and dotted escapes, and a crawler must read links as browsers do.
/// </summary>
public sealed record WebUrl
{
    /// <summary><c>http</c> or <c>https</c>.</summary>
    public required string Scheme { get; init; }

    public string UserName { get; init; } = "";

    public string Password { get; init; } = "";

    /// <summary>Lower case, ASCII; IPv6 in brackets.</summary>
    public required string HostName { get; init; }

    /// <summary>Null for the scheme's default.</summary>
    public int? Port { get; init; }

    /// <summary>Begins with a slash, without dot segments, escaped.</summary>
    public required string Path { get; init; }

    /// <summary>Without the question mark; null if there is none.</summary>
    public string? Query { get; init; }

    /// <summary>Without the hash; null if there is none.</summary>
    public string? Fragment { get; init; }

    /// <summary>The host, with the port if it is not the default.</summary>
    public string Host => Port is { } port ? $"{HostName}:{port}" : HostName;

    public override string ToString()
    {
        string login = UserName.Length + Password.Length == 0 ? "" : Password.Length == 0 ? $"{UserName}@" : $"{UserName}:{Password}@";
        return $"{Scheme}://{login}{Host}{Path}{(Query is null ? "" : "?" + Query)}{(Fragment is null ? "" : "#" + Fragment)}";
    }

    /// <summary>Parses a URL, relative to <paramref name="page"/> if given; null if it is invalid or of another scheme.</summary>
    /// <param name="queries">What the page that names it encodes queries in, as browsers do: its own encoding. Null: UTF-8, as everywhere else in a URL.</param>
    public static WebUrl? TryParse(string input, WebUrl? page = null, Encoding? queries = null)
    {
        string text = Clean(input);
        int colon = SchemeLength(text);
        if (colon < 0) return page is null ? null : Relative(text, page, queries);
        string scheme = text[..colon].ToLowerInvariant();
        if (scheme is not ("http" or "https")) return null;
        string rest = text[(colon + 1)..];
        bool relative = page is not null && page.Scheme == scheme && !rest.StartsWith("//", StringComparison.Ordinal);
        return relative ? Relative(rest, page!, queries) : Authority(rest.TrimStart('/', '\\'), scheme, queries);
    }

    private static string Clean(string input)
    {
        int start = 0;
        int end = input.Length;
        while (start < end && input[start] <= ' ') start++;
        while (end > start && input[end - 1] <= ' ') end--;
        string text = input[start..end];
        return text.AsSpan().ContainsAny('\t', '\n', '\r')
            ? text.Replace("\t", "", StringComparison.Ordinal).Replace("\n", "", StringComparison.Ordinal).Replace("\r", "", StringComparison.Ordinal)
            : text;
    }

    private static int SchemeLength(string text)
    {
        if (text.Length == 0 || !char.IsAsciiLetter(text[0])) return -1;
        for (int i = 1; i < text.Length; i++)
        {
            if (text[i] == ':') return i;
            if (!char.IsAsciiLetterOrDigit(text[i]) && text[i] is not ('+' or '-' or '.')) return -1;
        }
        return -1;
    }

    private static WebUrl? Relative(string text, WebUrl page, Encoding? queries)
    {
        if (text.Length >= 2 && IsSlash(text[0]) && IsSlash(text[1])) return Authority(text.TrimStart('/', '\\'), page.Scheme, queries);
        WebUrl plain = page with { Fragment = null };
        if (text.Length == 0) return plain;
        (string path, string? query, string? fragment) = Split(text, queries);
        if (path.Length == 0) return plain with { Query = query ?? (text[0] == '#' ? page.Query : null), Fragment = fragment };
        string folder = IsSlash(path[0]) ? "" : page.Path[..page.Path.LastIndexOf('/')];
        string absolute = IsSlash(path[0]) ? path : $"{folder}/{path}";
        return plain with { Path = NormalPath(absolute), Query = query, Fragment = fragment };
    }

    private static WebUrl? Authority(string text, string scheme, Encoding? queries)
    {
        int end = text.AsSpan().IndexOfAny("/\\?#");
        string authority = end < 0 ? text : text[..end];
        string tail = end < 0 ? "" : text[end..];
        int at = authority.LastIndexOf('@');
        string login = at < 0 ? "" : authority[..at];
        string hostAndPort = authority[(at + 1)..];
        int bracket = hostAndPort.LastIndexOf(']');
        int colon = hostAndPort.IndexOf(':', Math.Max(bracket, 0));
        string host = colon < 0 ? hostAndPort : hostAndPort[..colon];
        if (host.Length == 0 || WebHost.Parse(host) is not { } name) return null;
        if (!TryPort(colon < 0 ? "" : hostAndPort[(colon + 1)..], scheme, out int? port)) return null;
        int split = login.IndexOf(':', StringComparison.Ordinal);
        (string path, string? query, string? fragment) = Split(tail, queries);
        return new WebUrl
        {
            Scheme = scheme,
            UserName = PercentEncoding.Encode(split < 0 ? login : login[..split], PercentEncoding.UserInfo),
            Password = PercentEncoding.Encode(split < 0 ? "" : login[(split + 1)..], PercentEncoding.UserInfo),
            HostName = name,
            Port = port,
            Path = NormalPath(path),
            Query = query,
            Fragment = fragment,
        };
    }

    private static bool TryPort(string text, string scheme, out int? port)
    {
        port = null;
        if (text.Length == 0) return true;
        if (text.AsSpan().ContainsAnyExceptInRange('0', '9')) return false;
        string digits = text.TrimStart('0');
        if (digits.Length > 5) return false;
        int value = digits.Length == 0 ? 0 : int.Parse(digits);
        if (value > 65535) return false;
        port = value == (scheme == "http" ? 80 : 443) ? null : value;
        return true;
    }

    private static (string Path, string? Query, string? Fragment) Split(string text, Encoding? queries)
    {
        int hash = text.IndexOf('#', StringComparison.Ordinal);
        string? fragment = hash < 0 ? null : PercentEncoding.Encode(text.AsSpan(hash + 1), PercentEncoding.Fragment);
        if (hash >= 0) text = text[..hash];
        int mark = text.IndexOf('?', StringComparison.Ordinal);
        string? query = mark < 0 ? null : PercentEncoding.Encode(text.AsSpan(mark + 1), PercentEncoding.Query, queries);
        return (mark < 0 ? text : text[..mark], query, fragment);
    }

    private static string NormalPath(string path)
    {
        string[] segments = path.Replace('\\', '/').Split('/');
        List<string> kept = [];
        for (int i = segments[0].Length == 0 ? 1 : 0; i < segments.Length; i++)
        {
            bool last = i == segments.Length - 1;
            int dots = Dots(segments[i]);
            if (dots == 2 && kept.Count > 0) kept.RemoveAt(kept.Count - 1);
            if (dots == 0) kept.Add(PercentEncoding.Encode(segments[i], PercentEncoding.Path));
            else if (last) kept.Add("");
        }
        return "/" + string.Join('/', kept);
    }

    /// <summary>1 for a single-dot segment, 2 for a double-dot segment, escaped dots included; else 0.</summary>
    private static int Dots(string segment)
    {
        if (segment.Length is 0 or > 6) return 0;
        string plain = segment.Replace("%2e", ".", StringComparison.OrdinalIgnoreCase);
        return plain switch { "." => 1, ".." => 2, _ => 0 };
    }

    private static bool IsSlash(char c) => c is '/' or '\\';
}
