using Touchstone.Crawling.Extraction.Price;

namespace Touchstone.Crawling.Extraction;

/// <summary>What is known of a page before its product is read: its address, language and the currency expected of it.</summary>
internal sealed record PageContext(Uri? Address, Uri? BaseAddress, string? Language, string? LocalCurrency, int Depth = 0)
{
    /// <summary>Whether the page is the front page of its host.</summary>
    public bool IsRoot => Address is { AbsolutePath: "/" or "/index.html" or "/index.php", Query: "" };

    /// <summary>An absolute http address; null where the reference leads to none.</summary>
    public string? Resolve(string? reference)
    {
        string? trimmed = reference?.Trim();
        if (string.IsNullOrEmpty(trimmed) || trimmed.StartsWith("data:", StringComparison.OrdinalIgnoreCase) || trimmed.StartsWith("blob:", StringComparison.OrdinalIgnoreCase)) return null;
        if (trimmed.StartsWith("//", StringComparison.Ordinal)) trimmed = (Address?.Scheme ?? "https") + ":" + trimmed;
        Uri? absolute = BaseAddress is null ? Uri.TryCreate(trimmed, UriKind.Absolute, out Uri? own) ? own : null : Uri.TryCreate(BaseAddress, trimmed, out Uri? joined) ? joined : null;
        return absolute is { Scheme: "http" or "https" } ? absolute.AbsoluteUri : null;
    }

    /// <summary>Whether an address is this page's with the same query, so that it names the very variant shown.</summary>
    public bool IsThisVariant(string url)
    {
        if (Address is null || Address.Query.Length == 0 || Resolve(url) is not { } absolute || !Uri.TryCreate(absolute, UriKind.Absolute, out Uri? other)) return false;
        return other.Query.Length > 1 && other.AbsolutePath == Address.AbsolutePath && Address.Query.Contains(other.Query[1..], StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Whether an address is this page's but for scheme, query, fragment and closing slash.</summary>
    public bool IsThisPage(string? url) =>
        Address is not null && Resolve(url) is { } absolute && Uri.TryCreate(absolute, UriKind.Absolute, out Uri? other)
        && other.AbsolutePath.TrimEnd('/').Equals(Address.AbsolutePath.TrimEnd('/'), StringComparison.OrdinalIgnoreCase) && other.AbsolutePath.Length > 1;

    /// <summary>The currency that the page's country, by its domain, address path or declared language, leads one to expect; null where nothing points to one.</summary>
    public static string? ExpectedCurrency(Uri? address, string? language)
    {
        if (address is not null)
        {
            string host = address.IdnHost;
            string domain = host[(host.LastIndexOf('.') + 1)..];
            if (Currencies.OfCountry(domain) is { } byDomain) return byDomain;
            string first = address.Segments.Length > 1 ? address.Segments[1].Trim('/').ToLowerInvariant() : string.Empty;
            string tail = first.Length == 5 && first[2] is '-' or '_' ? first[3..] : first.Length == 2 ? first : string.Empty;
            if (tail is not ("en" or "is" or "no" or "ar" or "it" or "id" or "si" or "be" or "de" or "fr" or "es" or "sv") && Currencies.OfCountry(tail) is { } byPath) return byPath;
        }
        if (language is not null && language.Length == 5 && language[2] is '-' or '_' && Currencies.OfCountry(language[3..]) is { } byRegion) return byRegion;
        return language is null ? null : language.Split('-', '_')[0].ToLowerInvariant() switch
        {
            "sv" => "SEK", "da" => "DKK", "nb" or "nn" or "no" => "NOK", "is" => "ISK", "pl" => "PLN", "cs" => "CZK", "hu" => "HUF", "ja" => "JPY", "ko" => "KRW", "ru" => "RUB", "uk" => "UAH", "tr" => "TRY", "th" => "THB",
            "vi" => "VND", "he" => "ILS", "bg" => "BGN", "ro" => "RON", "de" or "fr" or "it" or "fi" or "nl" or "el" or "sk" or "sl" or "et" or "lv" or "lt" => "EUR", _ => null,
        };
    }
}
