using AngleSharp.Dom;
using Touchstone.Crawling.Extraction.Price;
using Touchstone.Crawling.Frontier;

namespace Touchstone.Crawling.Extraction.Facts;

/// <summary>What is known of a page before its product is read: its address, language and the currency expected of it.</summary>
internal sealed record PageContext(Uri? Address, Uri? BaseAddress, string? Language, string? LocalCurrency, int Depth = 0)
{
    // Characters of a data: address. Placeholders and blurred previews have fewer; a page of megabytes is kept by its first pictures.
    private const int LeastHeldPicture = 3_000, MostHeldPicture = 2 << 20;

    // What is longer is no address, and each reference of the page would be joined to it.
    private const int MaximumAddress = 2_048;

    private readonly WebUrl? _start = BaseAddress is null ? null : WebUrl.TryParse(BaseAddress.AbsoluteUri);

    /// <summary>What a page's references are relative to: its own address, or the one that it declares in its place.</summary>
    public static Uri? StartOf(IDocument document, Uri? address) =>
        document.QuerySelector("base[href]")?.GetAttribute("href") is { Length: <= MaximumAddress } declared && Uri.TryCreate(Join(address, declared), UriKind.Absolute, out Uri? joined) ? joined : address;

    /// <summary>The absolute http address of a reference, as browsers read it; null where it leads to none.</summary>
    public static string? Join(Uri? start, string reference) => WebUrl.TryParse(reference, start is null ? null : WebUrl.TryParse(start.AbsoluteUri))?.ToString();

    /// <summary>Whether the page is the front page of its host.</summary>
    public bool IsRoot => Address is { AbsolutePath: "/" or "/index.html" or "/index.php", Query: "" };

    /// <summary>An absolute http address; null where the reference leads to none.</summary>
    public string? Resolve(string? reference)
    {
        string? trimmed = reference?.Trim();
        if (string.IsNullOrEmpty(trimmed)) return null;
        if (_start is null && trimmed.StartsWith("//", StringComparison.Ordinal)) trimmed = (Address?.Scheme ?? "https") + ":" + trimmed;
        return WebUrl.TryParse(trimmed, _start)?.ToString();
    }

    /// <summary>The address of a picture: as <see cref="Resolve"/>, or the picture itself where the page holds it and it is more than a placeholder.</summary>
    public string? ResolvePicture(string? reference)
    {
        if (reference is not { Length: > 5 } || !reference.AsSpan().TrimStart().StartsWith("data:", StringComparison.OrdinalIgnoreCase)) return Resolve(reference);
        string held = reference.Trim();
        bool picture = held.StartsWith("data:image/", StringComparison.OrdinalIgnoreCase) && !held.StartsWith("data:image/svg", StringComparison.OrdinalIgnoreCase);
        return picture && held.Length is >= LeastHeldPicture and <= MostHeldPicture ? held : null;
    }

    /// <summary>Whether an address names the very variant that the page shows: the page's own path, whatever stands before it, and, where it has one, a query that the page's holds.</summary>
    public bool IsThisVariant(string? url)
    {
        if (string.IsNullOrWhiteSpace(url) || Address is null || Resolve(Unescaped(url)) is not { } absolute || !Uri.TryCreate(absolute, UriKind.Absolute, out Uri? other)) return false;
        if (!IsOwnPath(other)) return false;
        HashSet<string> own = [.. Parameters(Address)];
        return Parameters(other).All(own.Contains);
    }

    // JSON in a page needs no escapes of HTML, and templates write them.
    private static string Unescaped(string url) => url.Replace("&amp;", "&", StringComparison.OrdinalIgnoreCase);

    /// <summary>How exactly an address names what the page shows: the more of the page's parameters it has, and with its fragment, the more; 0 where it does not.</summary>
    public int VariantLikeness(string? url) =>
        IsThisVariant(url) && Uri.TryCreate(Resolve(Unescaped(url!)), UriKind.Absolute, out Uri? other) ? 1 + Parameters(other).Count() + (other.Fragment.Length > 1 && other.Fragment == Address!.Fragment ? 1 : 0) : 0;

    /// <summary>Whether a parameter of the page's address has this value.</summary>
    public bool HasParameter(string value) => Address is not null && Parameters(Address).Any(p => p.EndsWith("=" + value, StringComparison.OrdinalIgnoreCase));

    private static IEnumerable<string> Parameters(Uri address) => address.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries).Select(static p => Uri.UnescapeDataString(p.Replace('+', ' ')).ToLowerInvariant());

    /// <summary>Whether an address is this page's but for scheme, query, fragment, closing slash and what stands before its path.</summary>
    public bool IsThisPage(string? url) =>
        Address is not null && Resolve(url) is { } absolute && Uri.TryCreate(absolute, UriKind.Absolute, out Uri? other)
        && IsOwnPath(other) && other.AbsolutePath.Length > 1;

    /// <summary>Whether a path is the page's but for a closing slash, or one ends with the other, which shops reach by a category or a language, too: <c>/collections/all/products/k</c> and <c>/products/k</c>.</summary>
    private bool IsOwnPath(Uri other)
    {
        (string own, string its) = (Address!.AbsolutePath.TrimEnd('/'), other.AbsolutePath.TrimEnd('/'));
        if (own.Equals(its, StringComparison.OrdinalIgnoreCase)) return true;
        (string longer, string shorter) = own.Length > its.Length ? (own, its) : (its, own);
        return shorter.LastIndexOf('/') > 0 && longer.EndsWith(shorter, StringComparison.OrdinalIgnoreCase);
    }

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
            "vi" => "VND", "he" => "ILS", "ro" => "RON", "zh" => language.Contains("hant", StringComparison.OrdinalIgnoreCase) ? "TWD" : "CNY", "bg" or "de" or "fr" or "it" or "fi" or "nl" or "el" or "sk" or "sl" or "et" or "lv" or "lt" => "EUR", _ => null,
        };
    }
}
