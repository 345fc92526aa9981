using System.Text.RegularExpressions;
using AngleSharp.Dom;
using Touchstone.Crawling.Extraction.Price;
using Touchstone.Crawling.Text;

namespace Touchstone.Crawling.Extraction.Heuristics;

/// <summary>
/// Amounts that a page tells of its product beside its markup and its text. What it reports to those that count its visitors is the value of the product looked at; its description for
/// sharing and the form that puts the product into the cart name the price, too. None of them is a price by itself: they tell which of several on the page is the one asked.
/// </summary>
/// <param name="Reported">What tag containers report of the product looked at; empty where they report several amounts.</param>
/// <param name="Told">What the description, hidden fields and attributes of the form name.</param>
/// <param name="ReportedCurrency">The currency that is reported with it, an ISO 4217 code; null where none is, or several are.</param>
internal sealed partial record PriceHints(IReadOnlySet<decimal> Reported, IReadOnlySet<decimal> Told, string? ReportedCurrency = null)
{
    // Characters of scripts, and behind the name of an event; events and fields looked at.
    private const int MostScript = 2 << 20, EventReach = 400, MostEvents = 40, MostFields = 40;

    private const double ReportedPoints = 1.5, ToldPoints = 1, MostPoints = 2;

    private static readonly string[] Events = ["ViewContent", "view_item\"", "view_item'", "pagevisit", "productDetailView", "VIEW_CONTENT"];

    [GeneratedRegex(@"\b(?:value|price)\\?[""']?\s*[:=]\s*\\?[""']?(\d{1,9}(?:[.,]\d{1,3})*)", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase, PatternTime.Most)]
    private static partial Regex Value();

    [GeneratedRegex(@"\bcurrency(?:_?code)?\\?[""']?\s*[:=]\s*\\?[""']([A-Z]{3})\\?[""']", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase, PatternTime.Most)]
    private static partial Regex Currency();

    [GeneratedRegex(@"(?:dynx|ecomm)_?totalvalue\\?[""']?\s*[:=]\s*\[?\s*\\?[""']?(\d{1,9}(?:[.,]\d{1,3})*)", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase, PatternTime.Most)]
    private static partial Regex TotalValue();

    [GeneratedRegex(@"(^|[-_.\[])(?:product|item|sale|final|current|unit|offer)?[-_]?price(?:[-_]?(?:value|amount))?\]?$", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase, PatternTime.Most)]
    private static partial Regex NamesPrice();

    public static PriceHints Of(PageView view, string? local)
    {
        List<(decimal Amount, string? Currency)> events = [.. Scripts(view.Document).SelectMany(ReportedIn).Where(static e => e.Amount > 0)];
        HashSet<decimal> reported = [.. events.Select(static e => e.Amount)];
        string[] currencies = [.. events.Select(static e => e.Currency).OfType<string>().Distinct(StringComparer.Ordinal)];
        HashSet<decimal> told = [.. Described(view.Document, local).Concat(Fields(view)).Where(static a => a > 0)];
        return new(reported.Count == 1 ? reported : new HashSet<decimal>(), told, currencies is [var currency] ? currency : null);
    }

    /// <summary>Points that speak for an amount, 0 to 2.</summary>
    public double Points(decimal amount) => Math.Min(MostPoints, (Reported.Contains(amount) ? ReportedPoints : 0) + (Told.Contains(amount) ? ToldPoints : 0));

    private static IEnumerable<string> Scripts(IDocument document)
    {
        int left = MostScript;
        foreach (IElement script in document.QuerySelectorAll("script:not([src])"))
        {
            string text = script.TextContent;
            if (left <= 0) yield break;
            yield return text.Length > left ? text[..left] : text;
            left -= text.Length;
        }
    }

    private static IEnumerable<(decimal Amount, string? Currency)> ReportedIn(string script)
    {
        foreach (Match match in TotalValue().Matches(script).Take(MostEvents))
            if (PriceParser.ReadMachine(match.Groups[1].Value) is { } amount) yield return (amount, null);
        int seen = 0;
        foreach (string name in Events)
            for (int at = script.IndexOf(name, StringComparison.Ordinal); at >= 0 && seen++ < MostEvents; at = script.IndexOf(name, at + name.Length, StringComparison.Ordinal))
                if (Value().Match(script, at, Math.Min(EventReach, script.Length - at)) is { Success: true } value && PriceParser.ReadMachine(value.Groups[1].Value) is { } amount) yield return (amount, CurrencyIn(script, at));
    }

    private static string? CurrencyIn(string script, int at) =>
        Currency().Match(script, at, Math.Min(EventReach, script.Length - at)) is { Success: true } named && Currencies.CodeOf(named.Groups[1].Value) is { } code ? code : null;

    private static IEnumerable<decimal> Described(IDocument document, string? local)
    {
        foreach (IElement meta in document.QuerySelectorAll("meta[name='description'],meta[property='og:description'],meta[property='og:title']"))
            if (meta.GetAttribute("content") is { Length: > 0 } text && PriceParser.Read(text, local: local) is { Amount: { } amount, CurrencyText: { } currency } && !Currencies.IsWeak(currency)) yield return amount;
    }

    private static IEnumerable<decimal> Fields(PageView view)
    {
        int seen = 0;
        foreach (PageNode node in view.Nodes)
        {
            if (node.Is(Place.Chrome | Place.Related | Place.Reviews) || node.Tag is not ("input" or "button" or "form" or "a") || seen >= MostFields) continue;
            foreach (IAttr attribute in node.Element.Attributes)
            {
                string? name = attribute.Name == "value" && node.Tag == "input" ? node.Element.GetAttribute("name") ?? node.Element.Id : attribute.Name.StartsWith("data-", StringComparison.Ordinal) ? attribute.Name : null;
                if (name is null || attribute.Value.Length is 0 or > 14 || !NamesPrice().IsMatch(name) || Grid.IsCell(node) || OfferCard.Holds(view, node)) continue;
                seen++;
                if (PriceParser.ReadMachine(attribute.Value) is { } amount) yield return amount;
            }
        }
    }
}
