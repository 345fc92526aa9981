using System.Text.RegularExpressions;
using AngleSharp.Dom;
using Touchstone.Crawling.Extraction.Price;
using Touchstone.Crawling.Text;

namespace Touchstone.Crawling.Extraction;

/// <summary>The currency that a page's scripts or its choice of currencies name, for prices written without one.</summary>
internal static partial class DeclaredCurrency
{
    private const int MaximumScript = 300_000;

    [GeneratedRegex("""currency(?:_?code)?["']?\s{0,4}[:=]\s{0,4}(?:\{\s{0,4}["']?active["']?\s{0,4}:\s{0,4})?["']([A-Z]{3})["']""", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, PatternTime.Most)]
    private static partial Regex Named();

    /// <summary>The currency that a visitor is shown as chosen; null where the page has no such choice.</summary>
    public static string? Chosen(IDocument document) =>
        document.QuerySelectorAll("select[name*=currency i] option[selected],select[id*=currency i] option[selected]").Select(static o => (o.GetAttribute("value") ?? o.TextContent).Trim().ToUpperInvariant()).FirstOrDefault(Currencies.IsCode);

    /// <summary>The first ISO 4217 code given to something called a currency; null where there is none.</summary>
    public static string? Find(IDocument document)
    {
        foreach (IElement script in document.QuerySelectorAll("script:not([src])"))
        {
            string text = script.TextContent;
            if (text.Length > MaximumScript || !text.Contains("urrency", StringComparison.Ordinal)) continue;
            foreach (Match match in Named().Matches(text))
                if (Currencies.IsCode(match.Groups[1].Value)) return match.Groups[1].Value;
        }
        return null;
    }
}
