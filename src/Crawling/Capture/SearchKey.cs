namespace Touchstone.Crawling.Capture;

/// <summary>The key under which an index of a web archive names an address (SURT): the host's labels from the right, then the path, such as <c>com,example)/shop?id=1</c>. Pure.</summary>
internal static class SearchKey
{
    public static string Of(string url)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out Uri? uri) || uri.Scheme is not ("http" or "https")) return url.Replace(' ', '+');
        string host = uri.IdnHost.ToLowerInvariant();
        if (host.StartsWith("www.", StringComparison.Ordinal)) host = host[4..];
        string reversed = uri.HostNameType == UriHostNameType.Dns ? string.Join(',', host.Split('.').Reverse()) : host;
        string query = string.Join('&', uri.Query.TrimStart('?').Split('&').Order(StringComparer.Ordinal));
        return $"{reversed}{(uri.IsDefaultPort ? "" : $":{uri.Port}")}){uri.AbsolutePath.ToLowerInvariant()}{(query.Length == 0 ? "" : $"?{query.ToLowerInvariant()}")}";
    }
}
