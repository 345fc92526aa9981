using System.Text.RegularExpressions;
using AngleSharp.Dom;
using Touchstone.Crawling.Extraction.Price;
using Touchstone.Crawling.Text;

namespace Touchstone.Crawling.Extraction.Shop;

/// <summary>Reads from a page of a shop which countries it sells to: dispatch, language, currency, payment, domain, tax number. Never throws on content; safe for concurrent calls.</summary>
public static class MarketSignals
{
    private const int LongestText = 160;

    // A choice of more countries is the whole world's.
    private const int MostChoices = 40;

    private const int MostText = 300_000;

    // With the words of which one stands in whatever matches: most pages hold none, and looking for them takes little.
    private static readonly (string[] Words, Regex Named, string[] Countries)[] Payments =
    [
        (["Mobile"], Of(@"\bMobile\s?Pay\b"), ["DK", "FI"]), (["Dankort"], Of(@"\bDankort"), ["DK"]), (["Swish"], Of(@"\bSwish\b"), ["SE"]),
        (["Vipps"], Of(@"\bVipps\b"), ["NO"]), (["iDEAL"], Of(@"\biDEAL\b"), ["NL"]), (["Bancontact"], Of(@"\bBancontact\b"), ["BE"]),
        (["BLIK"], Of(@"\bBLIK\b"), ["PL"]), (["Przelewy", "PayU", "Tpay"], Of(@"\bPrzelewy\s?24\b|\bPayU\b|\bTpay\b"), ["PL"]), (["giropay"], Of(@"\bgiropay\b"), ["DE"]),
        (["SOFORT"], Of(@"\bSOFORT(?:[ -]?[üÜ]berweisung)?\b"), ["AT", "DE"]), (["eps"], Of(@"\beps[- ]?(?:[üÜ]berweisung|payment)\b"), ["AT"]), (["TWINT"], Of(@"\bTWINT\b"), ["CH"]),
        (["PostFinance"], Of(@"\bPostFinance\b"), ["CH"]), (["Multibanco", "MB"], Of(@"\bMultibanco\b|\bMB\s?WAY\b"), ["PT"]), (["Bizum"], Of(@"\bBizum\b"), ["ES"]),
        (["Satispay", "Postepay"], Of(@"\bSatispay\b|\bPostepay\b"), ["IT"]), (["Carte"], Of(@"\bCarte\s?Bancaire\b"), ["FR"]), (["Kakao", "카카오페이", "Naver", "네이버페이", "무통장"], Of(@"\bKakao\s?Pay\b|카카오페이|\bNaver\s?Pay\b|네이버페이|무통장\s?입금"), ["KR"]),
        (["Paytrail"], Of(@"\bPaytrail\b"), ["FI"]), (["Viabill"], Of(@"\bViabill\b"), ["DK"]),
    ];

    private static readonly Regex Destination = new("\"(?:shippingDestination|eligibleRegion|areaServed)\"[^}]{0,300}?\"(?:addressCountry|name)\"\\s*:\\s*(\\[[^\\]]{0,400}\\]|\"[^\"]{2,60}\")", RegexOptions.CultureInvariant, TimeSpan.FromMilliseconds(PatternTime.Most));

    private static readonly Regex Quoted = Of("\"([^\"]{2,60})\"");

    /// <summary>What a page says of the countries that it sells to, one signal for each kind and set of countries.</summary>
    /// <param name="url">The page's URL after redirects.</param>
    /// <param name="currency">The currency of the page's offer; null where it has none.</param>
    internal static IReadOnlyList<MarketSignal> Read(IDocument document, string url, string? currency)
    {
        try
        {
            string text = document.Body is { } body ? VisibleText.Of(body) : "";
            if (text.Length > MostText) text = $"{text[..(MostText / 2)]} {text[^(MostText / 2)..]}";
            IEnumerable<MarketSignal> found = [.. Dispatch(document, text), .. Languages(document, url), .. Currency(currency), .. Payment(document, text), .. Domain(url), .. TaxNumber.Find(text).Select(x => new MarketSignal(MarketSignalKind.VatNumber, [x.Country], Short(x.Text)))];
            return [.. found.DistinctBy(s => (s.Kind, string.Join(' ', s.Countries)))];
        }
        catch (RegexMatchTimeoutException)
        {
            // A text that was made to take long says nothing.
            return [];
        }
    }

    private static IEnumerable<MarketSignal> Dispatch(IDocument document, string text)
    {
        foreach ((string country, string said) in DispatchWords.Find(text)) yield return new(MarketSignalKind.Dispatch, [country], Short(said));
        foreach (IElement script in document.QuerySelectorAll("script[type='application/ld+json' i]"))
            foreach (Match match in Destination.Matches(script.TextContent))
                foreach (Match name in Quoted.Matches(match.Groups[1].Value))
                    if ((MarketCountry.Find(name.Groups[1].Value) ?? MarketCountry.Named(name.Groups[1].Value)) is { } country) yield return new(MarketSignalKind.Dispatch, [country.Code], Short(match.Value));
        foreach (IElement choice in document.QuerySelectorAll("select[name*=country i], form[action*='/localization'] ul"))
        {
            MarketCountry[] offered = [.. choice.QuerySelectorAll("option[value], [data-value]").Select(o => MarketCountry.Find((o.GetAttribute("value") ?? o.GetAttribute("data-value"))?.Trim())).OfType<MarketCountry>().Distinct()];
            if (offered.Length is 0 or > MostChoices || choice.QuerySelectorAll("option[value], [data-value]").Length > MostChoices) continue;
            foreach (MarketCountry country in offered) yield return new(MarketSignalKind.Dispatch, [country.Code], $"a choice of countries offers {country.Names[0]}");
        }
    }

    private static IEnumerable<MarketSignal> Languages(IDocument document, string page)
    {
        string? own = document.DocumentElement?.GetAttribute("lang") ?? document.QuerySelector("meta[http-equiv='content-language' i]")?.GetAttribute("content");
        if (OfTag(own, "the page's language is {0}") is { } declared) yield return declared;
        foreach (IElement other in document.QuerySelectorAll("link[rel~=alternate][hreflang]"))
            // A page for another country on another host is another shop's.
            if (Uri.TryCreate(page, UriKind.Absolute, out Uri? here) && Uri.TryCreate(here, other.GetAttribute("href") ?? "", out Uri? there) && there.Host == here.Host && OfTag(other.GetAttribute("hreflang"), "the page is given for {0}, too") is { } alternate) yield return alternate;
    }

    private static MarketSignal? OfTag(string? tag, string says)
    {
        if (tag?.Trim().Replace('_', '-') is not { Length: >= 2 and <= 12 } clean) return null;
        string[] parts = clean.Split('-');
        string language = parts[0].ToLowerInvariant();
        string text = string.Format(System.Globalization.CultureInfo.InvariantCulture, says, clean);
        // American English is what software says where nobody set a language.
        if (parts[^1].Length == 2 && parts.Length > 1 && !clean.Equals("en-US", StringComparison.OrdinalIgnoreCase) && MarketCountry.Find(parts[^1]) is { } country) return new(MarketSignalKind.Language, [country.Code], text);
        return MarketCountry.OfLanguage(language) is { Count: > 0 } spoken ? new(MarketSignalKind.Language, spoken, text) : null;
    }

    private static IEnumerable<MarketSignal> Currency(string? currency)
    {
        if (currency is null || !Currencies.IsCode(currency)) yield break;
        IReadOnlyList<string> countries = MarketCountry.OfCurrency(currency);
        // Prices in dollars are for the whole world: they say no more of the United States than English does.
        if (currency == "USD") countries = ["CA", "EC", "PR", "SV", "US"];
        if (countries.Count > 0) yield return new(MarketSignalKind.Currency, countries, $"the price is in {currency}");
    }

    private static IEnumerable<MarketSignal> Payment(IDocument document, string text)
    {
        string pictures = string.Join(" | ", document.QuerySelectorAll("img[alt], svg[aria-label], [title], svg title").Select(e => e.GetAttribute("alt") ?? e.GetAttribute("aria-label") ?? e.GetAttribute("title") ?? e.TextContent).Where(t => t.Length is > 2 and < 60).Take(2_000));
        foreach ((string[] words, Regex named, string[] countries) in Payments)
            if ((Named(words, named, text) ?? Named(words, named, pictures)) is { } found) yield return new(MarketSignalKind.Payment, countries, found);
    }

    private static string? Named(string[] words, Regex named, string text) =>
        words.Any(w => text.Contains(w, StringComparison.Ordinal)) && named.Match(text) is { Success: true } match ? match.Value : null;

    private static IEnumerable<MarketSignal> Domain(string url)
    {
        if (Uri.TryCreate(url, UriKind.Absolute, out Uri? uri) && MarketCountry.OfHost(uri.Host) is { } country) yield return new(MarketSignalKind.Domain, [country.Code], uri.Host);
    }

    private static string Short(string text)
    {
        string line = VisibleText.Collapse(text);
        return line.Length > LongestText ? $"{line[..(LongestText - 1)]}…" : line;
    }

    private static Regex Of(string pattern) => new(pattern, RegexOptions.CultureInvariant, TimeSpan.FromMilliseconds(PatternTime.Most));
}
