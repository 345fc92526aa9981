namespace Touchstone.Crawling.Fetching;

/// <summary>What every request that leaves the installation obeys.</summary>
public sealed class OutboundOptions
{
    /// <summary>The name under which robots rules address this crawler.</summary>
    public const string ProductToken = "Touchstone";

    /// <summary>A page where the owner of a fetched site reaches the operator; part of the user agent. Null: not configured, and the user agent says so.</summary>
    public string? ContactUrl { get; set; }

    /// <summary>
    /// Hosts (<c>shop.local</c>) or hosts with a port (<c>127.0.0.1:8080</c>, <c>[::1]:8080</c>) that may have an internal address. Empty by default.
    /// A link-local or metadata address needs its literal here; a name never opens one.
    /// </summary>
    public ISet<string> AllowedInternalHosts { get; } = new HashSet<string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Longest wait for one connection. Default 10 s; 0.1 s to 2 min.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Most connections to one host at once. Default 6; 1 to 64.</summary>
    public int MaxConnectionsPerHost { get; set; } = 6;

    /// <summary>The User-Agent header: product, version and contact.</summary>
    public string UserAgent => ContactUrl is { Length: > 0 } url ? $"{ProductToken}/0.1 (+{url})" : $"{ProductToken}/0.1 (contact not configured)";

    /// <summary>Says what is wrong with the options, one sentence each; empty if nothing is.</summary>
    public IReadOnlyList<string> Problems()
    {
        List<string> problems = [];
        if (ContactUrl is { Length: > 0 } contact && (!Uri.TryCreate(contact, UriKind.Absolute, out Uri? uri) || uri.Scheme is not ("http" or "https" or "mailto") || contact.AsSpan().ContainsAny("()\r\n")))
            problems.Add($"ContactUrl must be an absolute http, https or mailto URL without parentheses; it is '{contact}'.");
        if (ConnectTimeout < TimeSpan.FromMilliseconds(100) || ConnectTimeout > TimeSpan.FromMinutes(2))
            problems.Add($"ConnectTimeout must be 0.1 s to 2 min; it is {ConnectTimeout.TotalSeconds} s.");
        if (MaxConnectionsPerHost is < 1 or > 64)
            problems.Add($"MaxConnectionsPerHost must be 1 to 64; it is {MaxConnectionsPerHost}.");
        return problems;
    }
}
