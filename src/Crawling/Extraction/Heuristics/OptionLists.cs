using System.Text.RegularExpressions;
using AngleSharp.Dom;
using Touchstone.Crawling.Extraction.Facts;
using Touchstone.Crawling.Extraction.Price;
using Touchstone.Crawling.Text;

namespace Touchstone.Crawling.Extraction.Heuristics;

/// <summary>
/// Reads the forms of a product from the lists in which a buyer chooses one: options of a list, and radio buttons. Which options go together is not said, so each option of
/// several lists is one of its own, under the list's name. Pure; safe for concurrent calls.
/// </summary>
internal static partial class OptionLists
{
    // Options of one list and in all; elements between the product's heading and its lists.
    private const int MostOptions = 500, Near = 400;

    [GeneratedRegex(@"variant|variation|option|attribut|size|gr(ö|oe)(ß|ss)e|st(ø|oe)rrelse|taille|talla|taglia|maat|rozmiar|storlek|colou?r|farbe|farve|couleur|kolor|f(ä|a)rg|kleur|style|model|dimension|pack", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, PatternTime.Most)]
    private static partial Regex NamesVariant();

    [GeneratedRegex(@"qty|quantity|quantit|menge|anzahl|antal|ilo(ś|s)(ć|c)|aantal|cantidad|country|land\b|pays|lang|currency|sort|order_?by|per.?page|rating|shipping|delivery|payment|store|region|state|month|year|\bday|gift|warranty|insur|selling_plan|subscription|purchase|newsletter|subject|reason|search|categor", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, PatternTime.Most)]
    private static partial Regex NamesOther();

    [GeneratedRegex(@"^\W*$|^[\W_]*(choose|select|please|pick|bitte|wähle|auswähl|v(æ|ae)lg|choisi|sélection|elige|elija|selecciona|seleziona|scegli|kies|maak|wybierz|välj|velg|vyberte|zvolte|valitse|alege)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, PatternTime.Most)]
    private static partial Regex AsksToChoose();

    private sealed record Choice(string Name, bool Gone, string? Image);

    private sealed record ChoiceList(string? Name, IReadOnlyList<Choice> Choices);

    /// <summary>What is looked up for each list: the page's labels by the fields that they are for, and its ways to buy.</summary>
    private sealed record Surroundings(PageView View, PageContext Page, ILookup<string, IElement> Labels, IReadOnlyList<PageNode> Buttons);

    public static IEnumerable<OfferVariant> Read(PageView view, PageContext page)
    {
        if (view.Document.QuerySelector("select,input[type=radio]") is null) yield break;
        var around = new Surroundings(view, page, view.Document.QuerySelectorAll("label[for]").ToLookup(static l => l.GetAttribute("for")!, StringComparer.Ordinal), [.. BuyButtons.Find(view)]);
        List<ChoiceList> lists = [.. Selects(around).Concat(Radios(around)).DistinctBy(static l => string.Join('|', l.Choices.Select(static c => c.Name)))];
        foreach (ChoiceList list in lists)
            foreach (Choice choice in list.Choices)
                yield return Of(lists.Count > 1 && list.Name is { } name ? $"{name}: {choice.Name}" : choice.Name, choice, page);
    }

    private static OfferVariant Of(string name, Choice choice, PageContext page)
    {
        // "+ 5 €" is what an option costs more; a number without a currency is a measure.
        bool more = choice.Name.AsSpan().IndexOfAny('+', '%') >= 0;
        PriceReading reading = more ? new PriceReading(null, null, null) : PriceParser.Read(choice.Name, local: page.LocalCurrency);
        bool priced = reading is { Amount: > 0, Currency: not null } && !Currencies.IsWeak(reading.CurrencyText);
        return new()
        {
            Name = FactSet.CleanText(name, 200),
            Price = priced ? reading.Amount : null,
            Currency = priced ? reading.Currency : null,
            Availability = choice.Gone || StockNotes.State(choice.Name) is Facts.Availability.OutOfStock or Facts.Availability.Discontinued ? Facts.Availability.OutOfStock : null,
            Image = choice.Image,
        };
    }

    private static IEnumerable<ChoiceList> Selects(Surroundings around)
    {
        (PageView view, PageContext page) = (around.View, around.Page);
        foreach (PageNode node in view.Nodes)
        {
            if (node.Tag != "select" || !IsOfProduct(view, node)) continue;
            string name = Names(node.Element);
            if (!IsVariant(around, node, name)) continue;
            Choice[] choices = [.. node.Element.QuerySelectorAll("option").Take(MostOptions).Where(static o => !o.HasAttribute("value") || o.GetAttribute("value") is { Length: > 0 })
                .Select(o => (Text: FactSet.CleanText(o.TextContent, 200), Option: o)).Where(static o => o.Text is not null && !AsksToChoose().IsMatch(o.Text))
                .Select(o => new Choice(o.Text!, o.Option.HasAttribute("disabled"), page.Resolve(o.Option.GetAttribute("data-image") ?? o.Option.GetAttribute("data-img"))))];
            if (choices.Length > 1 && !CountsUp(choices)) yield return new(Label(around, node.Element), choices);
        }
    }

    private static IEnumerable<ChoiceList> Radios(Surroundings around)
    {
        (PageView view, PageContext page) = (around.View, around.Page);
        IEnumerable<IGrouping<string, PageNode>> groups = view.Nodes.Where(n => n.Tag == "input" && n.Element.GetAttribute("type") is "radio" && n.Element.GetAttribute("name") is { Length: > 0 } && IsOfProduct(view, n)).GroupBy(static n => n.Element.GetAttribute("name")!, StringComparer.Ordinal);
        foreach (IGrouping<string, PageNode> group in groups)
        {
            if (!IsVariant(around, group.First(), Names(group.First().Element))) continue;
            Choice[] choices = [.. group.Take(MostOptions).Select(n => (Text: Label(around, n.Element) ?? FactSet.CleanText(n.Element.GetAttribute("value"), 200), Node: n))
                .Where(static c => c.Text is { Length: < 80 }).Select(c => new Choice(c.Text!, c.Node.Element.HasAttribute("disabled"), page.Resolve(c.Node.Element.GetAttribute("data-image"))))];
            if (choices.Length > 1 && choices.Select(static c => c.Name).Distinct(StringComparer.OrdinalIgnoreCase).Count() == choices.Length) yield return new(FactSet.CleanText(group.First().Element.Closest("fieldset")?.QuerySelector("legend")?.TextContent, 40)?.TrimEnd(':', ' '), choices);
        }
    }

    private static bool IsOfProduct(PageView view, PageNode node) =>
        !node.Is(Place.Chrome | Place.Related | Place.Reviews) && view.Title is { } title && Math.Abs(node.Index - title.Index) < Near && !Grid.IsCell(node);

    /// <summary>Whether the list is named so, or stands in the very form that puts the product into the cart.</summary>
    private static bool IsVariant(Surroundings around, PageNode node, string name)
    {
        if (NamesOther().IsMatch(name)) return false;
        if (NamesVariant().IsMatch(name)) return true;
        for (PageNode? at = node; at is not null; at = at.Parent)
            if (at.Tag == "form") return around.Buttons.Any(at.Contains);
        return false;
    }

    private static string Names(IElement element) => string.Join(' ', element.GetAttribute("name"), element.Id, element.ClassName, element.GetAttribute("aria-label"), element.GetAttribute("data-attribute_name"));

    // 1, 2, 3 are pieces.
    private static bool CountsUp(Choice[] choices) => choices.Select(static (c, i) => c.Name == (i + 1).ToString(System.Globalization.CultureInfo.InvariantCulture)).All(static x => x);

    private static string? Label(Surroundings around, IElement element)
    {
        IElement? label = element.Id is { Length: > 0 } id ? around.Labels[id].FirstOrDefault() : null;
        label ??= element.LocalName == "input" ? element.Closest("label") : null;
        return FactSet.CleanText(label?.TextContent, 100)?.TrimEnd(':', ' ') ?? FactSet.CleanText(element.GetAttribute("aria-label"), 100);
    }
}
