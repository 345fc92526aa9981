using System.Text.RegularExpressions;
using Touchstone.Crawling.Extraction.Facts;
using Touchstone.Crawling.Text;

namespace Touchstone.Crawling.Extraction.Heuristics;

/// <summary>Reads from stock notes and buttons whether the product can be bought. Stock notes near the title speak before buttons; buttons before silence.</summary>
internal static partial class AvailabilityFinder
{
    // Characters and elements of a note.
    private const int MaximumText = 120, MostElements = 12;

    [GeneratedRegex(@"stock|availab|inventory|verfueg|verfügbar|lieferbar|dispo|lager|sklad|dostepn|voorraad|delivery-status|deliverystatus|sold-?out|soldout|unavailable", RegexOptions.CultureInvariant, PatternTime.Most)]
    private static partial Regex Marks();

    /// <summary>Null where nothing on the page speaks of it.</summary>
    public static Availability? Find(PageView view, SeenPrice? price)
    {
        List<PageNode> buttons = [.. BuyButtons.Find(view)];
        PageNode? anchor = price?.Node ?? view.Title;
        (Availability State, double Weight)? best = null;
        // Nested elements say the same, and shops say it of each product.
        Dictionary<string, Availability?> states = new(StringComparer.Ordinal);
        Availability? Said(string text) => states.TryGetValue(text, out Availability? known) ? known : states[text] = StockNotes.State(text);
        foreach (PageNode node in view.Nodes)
        {
            if (node.Is(Place.Hidden | Place.Chrome | Place.Related | Place.Reviews) || node.Tag is "option" or "label" or "select" || InOptions(node) || IsOneOfSeveralLabels(view, node)) continue;
            if (node.Last - node.Index > MostElements || view.ShownTextOf(node, 240) is not { Length: <= MaximumText } text || !MayTell(text) || Said(text) is not { } state || !IsInnermost(view, node, Said)) continue;
            double weight = Weight(view, node, text, anchor);
            if (weight > 0 && (best is null || weight > best.Value.Weight)) best = (state, weight);
        }
        PageNode? enabled = buttons.FirstOrDefault(static b => !BuyButtons.IsDisabled(b));
        if (best is { } strong && (strong.Weight >= 3 || enabled is null)) return strong.State;
        if (enabled is not null) return StockNotes.SaysBefore(view.TextOf(enabled)) ? Availability.PreOrder : Availability.InStock;
        return best?.State;
    }

    // Two characters are a word where each is a syllable.
    private static bool MayTell(string text) => text.Length > 3 || (text.Length > 1 && text[0] >= '\u2E80');

    // The state of one size or colour is not the product's.
    private static bool InOptions(PageNode node)
    {
        int levels = 0;
        for (PageNode? at = node; at is not null && levels < 5; at = at.Parent, levels++)
            if (at.Marks.Contains("swatch", StringComparison.Ordinal) || at.Marks.Contains("variant-option", StringComparison.Ordinal) || at.Marks.Contains("size-select", StringComparison.Ordinal)
                || at.Marks.Contains("size-list", StringComparison.Ordinal) || at.Marks.Contains("sizes", StringComparison.Ordinal) || at.Tag is "select" or "legend" or "fieldset") return true;
        return false;
    }

    // A control that holds the words for buying and those for what is gone shows one of them, by its style.
    private static bool IsOneOfSeveralLabels(PageView view, PageNode node) =>
        node.Parent is { Tag: "a" or "button" } control && control.Last - control.Index <= 12 && view.Descendants(control).Any(inner => inner != node && !inner.Is(Place.Hidden) && view.ShortTextOf(inner, 100) is { } text && BuyButtons.IsBuyText(text));

    private static bool IsInnermost(PageView view, PageNode node, Func<string, Availability?> said)
    {
        for (int i = node.Index + 1; i <= node.Last; i++)
            if (!view.Nodes[i].Is(Place.Hidden) && view.ShownTextOf(view.Nodes[i], 240) is { } inner && MayTell(inner) && said(inner) is not null) return false;
        return true;
    }

    private static double Weight(PageView view, PageNode node, string text, PageNode? anchor)
    {
        double weight = text.Length switch { < 30 => 2, < 60 => 1.2, _ => 0.4 };
        int levels = 0;
        for (PageNode? at = node; at is not null && levels < 3; at = at.Parent, levels++)
            if (at.Marks.Length > 0 && at.Last - at.Index < 30 && Marks().IsMatch(at.Marks))
            {
                weight += 2;
                break;
            }
        if (node.Tag is "button" || (node.Tag == "a" && BuyButtons.IsDisabled(node))) weight += 1;
        if (anchor is not null)
        {
            int distance = Math.Abs(node.Index - anchor.Index);
            weight += distance switch { < 60 => 1.5, < 150 => 0.8, < 300 => 0, < 600 => -1, _ => -2.5 };
        }
        if (view.Title is { } title && node.Index < title.Index - 40) weight -= 1.5;
        if (Grid.IsCell(node)) weight -= 3;
        return weight;
    }
}
