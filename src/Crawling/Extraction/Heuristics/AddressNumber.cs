using System.Text.RegularExpressions;
using Touchstone.Crawling.Extraction.Facts;
using Touchstone.Crawling.Text;

namespace Touchstone.Crawling.Extraction.Heuristics;

/// <summary>
/// The number by which a shop addresses an offer, where the page names it as one: it stands in the page's address, and in a field, an attribute or the data of a script whose name says that
/// it is a product's number. Shops without an article number in sight have this one. Pure; safe for concurrent calls.
/// </summary>
internal static partial class AddressNumber
{
    private const int Least = 4, Most = 24;

    // Elements before the title and behind it.
    private const int ByTitle = 20;

    // A script of megabytes is not searched to its end for each candidate, nor are a hundred parts of an address.
    private const int MostScript = 2 << 20, MostCandidates = 12;

    [GeneratedRegex(@"(?:^|[-_. ])(?:sku|asin|gtin|(?:products?|prod|item|article|artikel|art|goods|deal|offer|listing|variant|ad|catalog(?:ue)?|style|pid)[-_]?(?:id|no|nr|num|number|code|sku)?)$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, PatternTime.Most)]
    private static partial Regex NamesNumber();

    // The end of a key before its value: "productId":"…", sku: '…', item_id=….
    [GeneratedRegex(@"(?:sku|asin|(?:product|prod|item|article|artikel|goods|deal|listing|variant|\bad)[-_]?(?:id|no|nr|num|number|code)|\bpid)\\?[""']?\s*[:=]\s*\\?[""']?$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.RightToLeft, PatternTime.Most)]
    private static partial Regex EndsWithKey();

    [GeneratedRegex(@"[\p{L}\p{N}]+(?:\.[\p{L}\p{N}]+)*", RegexOptions.CultureInvariant, PatternTime.Most)]
    private static partial Regex Word();

    // A number behind the letters and digits of its kind: c7200a278526196.
    [GeneratedRegex(@"(?<=[A-Za-z])\d{6,14}$", RegexOptions.CultureInvariant, PatternTime.Most)]
    private static partial Regex Tail();

    /// <summary>Null where no part of the address is named so.</summary>
    public static string? Find(PageView view, PageContext page)
    {
        if (page.Address is not { } address) return null;
        string[] candidates = [.. Candidates(address).Distinct(StringComparer.OrdinalIgnoreCase).Take(MostCandidates)];
        if (candidates.Length == 0) return null;
        HashSet<string> named = NamedInElements(view);
        return candidates.FirstOrDefault(named.Contains) ?? candidates.FirstOrDefault(candidate => IsNamedInScripts(view, candidate) || StandsByTitle(view, candidate));
    }

    /// <summary>Parts of the address that look like a number, what a parameter names first, then from the end of the path.</summary>
    private static IEnumerable<string> Candidates(Uri address)
    {
        foreach (string pair in address.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
            if (pair.Split('=', 2) is [var name, var value] && (NamesNumber().IsMatch(name) || name.ToLowerInvariant() is "id" or "code" || name.EndsWith("Sku", StringComparison.Ordinal)) && IsNumber(Uri.UnescapeDataString(value)))
                yield return Uri.UnescapeDataString(value);
        foreach (string segment in address.AbsolutePath.Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse())
        {
            string bare = Uri.UnescapeDataString(segment);
            int ending = bare.LastIndexOf('.');
            if (ending > 0 && bare.Length - ending <= 6 && bare[(ending + 1)..].All(char.IsAsciiLetter)) bare = bare[..ending];
            if (IsNumber(bare)) yield return bare;
            foreach (Match word in Word().Matches(bare).Reverse())
                if (IsNumber(word.Value)) yield return word.Value;
            if (Tail().Match(bare) is { Success: true } tail) yield return tail.Value;
        }
    }

    /// <summary>Four to 24 letters and digits with at least three digits; a word of the title has fewer.</summary>
    private static bool IsNumber(string text) => text.Length is >= Least and <= Most && text.Count(char.IsAsciiDigit) >= 3 && text.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.');

    private static HashSet<string> NamedInElements(PageView view)
    {
        var named = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (PageNode node in view.Nodes)
        {
            // Few elements state a number: whether one stands among other products is asked of those alone.
            string[] stated = [.. StatedIn(node)];
            if (stated.Length > 0 && !node.Is(Place.Related | Place.Reviews) && !Grid.IsCell(node)) named.UnionWith(stated);
        }
        return named;
    }

    // A number alone right beside the title is the product's.
    private static bool StandsByTitle(PageView view, string candidate) =>
        view.Title is { } title && view.Nodes.Skip(Math.Max(0, title.Index - ByTitle)).Take(2 * ByTitle).Any(node => !node.Is(Place.Hidden | Place.Related) && view.ShortTextOf(node, Most + 2) == candidate);

    private static IEnumerable<string> StatedIn(PageNode node)
    {
        if (node.Tag is "input" && node.Element.GetAttribute("value") is { Length: >= Least and <= Most } value && (node.Element.GetAttribute("name") ?? node.Element.Id) is { } field && NamesNumber().IsMatch(field)) yield return value.Trim();
        foreach (AngleSharp.Dom.IAttr attribute in node.Element.Attributes)
            if (attribute.Name.StartsWith("data-", StringComparison.Ordinal) && attribute.Value.Length is >= Least and <= Most && NamesNumber().IsMatch(attribute.Name)) yield return attribute.Value.Trim();
    }

    private static bool IsNamedInScripts(PageView view, string candidate)
    {
        int left = MostScript;
        foreach (AngleSharp.Dom.IElement script in view.Document.QuerySelectorAll("script:not([src])"))
        {
            string text = script.TextContent;
            if (text.Length > left) text = text[..left];
            left -= text.Length;
            for (int at = text.IndexOf(candidate, StringComparison.OrdinalIgnoreCase); at >= 0; at = text.IndexOf(candidate, at + candidate.Length, StringComparison.OrdinalIgnoreCase))
            {
                int end = at + candidate.Length;
                if ((end == text.Length || !char.IsLetterOrDigit(text[end])) && EndsWithKey().IsMatch(text.AsSpan(Math.Max(0, at - 40), Math.Min(40, at)).ToString())) return true;
            }
            if (left <= 0) return false;
        }
        return false;
    }
}
