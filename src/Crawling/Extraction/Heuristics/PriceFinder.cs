using System.Globalization;
using System.Text.RegularExpressions;
using Touchstone.Crawling.Extraction.Facts;
using Touchstone.Crawling.Extraction.Price;
using Touchstone.Crawling.Text;

namespace Touchstone.Crawling.Extraction.Heuristics;

/// <summary>A price seen on the page with the points that speak for it being the price asked.</summary>
internal sealed record SeenPrice(PageNode Node, decimal Amount, string? Currency, double Score);

/// <summary>Finds the price asked: near the title, named as a price, not crossed out, not of another product, not a rate, a saving or a threshold.</summary>
internal static partial class PriceFinder
{
    // Characters of a text that may hold a price, and of one whose element is called so: that may say what it was before.
    private const int MaximumText = 60, MaximumNamed = 100;
    private const int SideBySide = 6;

    // Characters.
    private const int CurrencyReach = 5;
    private const double AlikeScore = 0.75;

    // Points that a price in a currency that is no more has less.
    private const double BeforeEuro = 1;

    // Points of a price that is likely the one asked, and how many a hidden one has less.
    private const double LikelyScore = 4, HiddenBehind = 2;

    [GeneratedRegex(@"(^|[^a-z])(prices?|pric|preis|prix|precio|preco|preço|prezzo|prijs|pris|cena|hinta|ar|fiyat|tsena|amount|money|kaina|hind|cijena)([^a-z]|$)|price|preis", RegexOptions.CultureInvariant, PatternTime.Most)]
    private static partial Regex PriceMarks();

    [GeneratedRegex(@"current|sale-?price|special|final|actual|now-?price|price-?now|our-?price|offer-?price|promo|price-?(sales|value|current|main|big|box|wrapper)|product-?price|selling|discounted|--sale|pricetopay|buybox|aktuell|offerta|oferta|angebot|aktion|promocyjna|akcni|akcija|akcios", RegexOptions.CultureInvariant, PatternTime.Most)]
    private static partial Regex CurrentMarks();

    [GeneratedRegex(@"(^|[^a-z])(old|was|before|regular|original|list-?prices?|msrp|rrp|rrsp|srp|uvp|crossed|compare|previous|normal|std|standard|strike\w*|rebate|saving|save|discount-?(amount|percent|badge|label)|you-?save|retail|ancien|barre|stary|vorher|statt|alter|crossed-?out|lowest|omnibus|historical|listino|anterior|durchgestrichen|streichpreis|przekreslona|skreslona|puvodni|povodna|eredeti|staracena)([^a-z]|$)|oldprice|old_price|normal_?price|compare-?at|wasprice|listprice", RegexOptions.CultureInvariant, PatternTime.Most)]
    private static partial Regex FormerMarks();

    [GeneratedRegex(@"unit-?price|per-?unit|base-?price|basepris|grundpreis|price-?per|ppu|shipping|delivery|versand|installment|instalment|monthly|klarna|afterpay|financ|leasing|credit|point|reward|loyalty|bonus|voucher|coupon|quantity|option|swatch|warrant|insur|deposit|pledge|addon|add-on|accessor|facet|filter|slider-range|min-price|max-price|(^|[^a-z])(tax|vat|excl|excluding|exvat|net|netto|gift|tier|bulk|members?|membership|club|wholesale|dealer|b2b)([^a-z]|$)", RegexOptions.CultureInvariant, PatternTime.Most)]
    private static partial Regex OtherMarks();

    [GeneratedRegex(@"(/|per|pro|je|par|por|al|za|za|od)\s*(1\s*)?(100\s*)?(kg|g|ml|l|lb|oz|m²|m2|month|mo|week|monat|mois|mes|mese|stk|stück|unit|litre|liter|100)\b|\bmembers?\b|\bmitglieder|subscribe|wholesale|trade price|club price|klubpris|shipping|delivery|versand|livraison|envío|orders? over|free over|from only|installment|instalment|payments? of|raten|mtl|miesi|interest|afterpay|klarna|points|off\b|rabatt|discount|excl|ex\.? ?(vat|tax|gst)|zzgl|netto|hors taxe|\bHT\b|deposit|\+\s*pfand|税抜|税別|\d\s*(or|and|oder|ou|o|of|eller|lub|és) (more|mehr|plus|más|meer|flere|fler|więcej)|\d\+ ?(pcs|pieces|stück|units)|ab \d+ (stück|stk)|excl\.? ?btw|bez dph|bez dane|brez ddv|bez pdv|exkl|ekskl|netto|(?:options?|offers?|new|used) from\b|\btotal price\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, PatternTime.Most)]
    private static partial Regex OtherWords();

    // Classes with which frameworks lay out, whatever stands there; and a price that says that its tax is in it.
    [GeneratedRegex(@"(?<!\S)(?:\S*\[\S*\]|\S*layout\S*|(?:[a-z]{2,4}-)?list-(?:unstyled|inline|inline-item|none|disc|item|reset|group(?:-[\w-]+)?)|(?:[a-z]{2,4}-)?(?:font|fw|fst|weight|leading|tracking|whitespace)-[\w-]+|text-(?:regular|normal|standard)|[a-z-]+:\S+)(?!\S)|incl(?:uding|usive)?[-_]?(?:tax|vat)|(?<!\S)tax weee(?!\S)", RegexOptions.CultureInvariant, PatternTime.Most)]
    private static partial Regex LayoutMarks();

    // What is asked for a piece is called a price by unit.
    [GeneratedRegex(@"price-?per-?unit|unit-?price|per-?unit", RegexOptions.CultureInvariant, PatternTime.Most)]
    private static partial Regex UnitMarks();

    /// <summary>All candidates, best first.</summary>
    /// <param name="hints">Amounts that speak for a price; null where there are none.</param>
    public static IReadOnlyList<SeenPrice> Find(PageView view, PageContext page, PriceHints? hints = null)
    {
        List<SeenPrice> found = [];
        PageNode? button = BuyButtons.Find(view).FirstOrDefault();
        // Nested elements have one text, which is read once.
        Dictionary<string, PriceReading> readings = new(StringComparer.Ordinal);
        PriceReading Parsed(string text) => readings.TryGetValue(text, out PriceReading? known) ? known : readings[text] = PriceParser.Read(text, local: page.LocalCurrency);
        void Collect(bool hidden)
        {
            foreach (PageNode node in view.Nodes)
            {
                if (node.Is(Place.Chrome) || node.Is(Place.Hidden) != hidden || (hidden && (node.IsSilent || !PriceMarks().IsMatch(node.Marks))) || Read(view, node, page, Parsed) is not { } read) continue;
                double score = Score(view, node, read.Symbol, button) - (hidden ? HiddenBehind : 0);
                // Shops go on telling what it would have been in the currency before.
                if (page.LocalCurrency == "EUR" && Currencies.IsBeforeEuro(read.Currency)) score -= BeforeEuro;
                if (hints is not null && !node.Is(Place.Struck | Place.Related | Place.Reviews)) score += hints.Points(read.Amount);
                found.Add(new(node, read.Amount, read.Currency, score));
            }
        }

        Collect(hidden: false);
        // A script shows later what stands hidden in the page as it came; only where nothing else asks a price.
        if (!found.Exists(static p => p.Score >= LikelyScore)) Collect(hidden: true);
        List<SeenPrice> ordered = [.. found.OrderByDescending(static p => p.Score).ThenBy(static p => p.Node.Index)];
        if (ordered.Count > 1 && Reduced(ordered) is { } reduced)
        {
            ordered.Remove(reduced);
            ordered.Insert(0, reduced);
        }
        return ordered;
    }

    // Of two prices side by side that look alike the higher is the former one.
    private static SeenPrice? Reduced(List<SeenPrice> ordered)
    {
        SeenPrice best = ordered[0];
        return ordered.Skip(1).Take(6).FirstOrDefault(p => p.Score >= best.Score - AlikeScore && Math.Abs(p.Node.Index - best.Node.Index) <= SideBySide
            && p.Currency == best.Currency && p.Amount < best.Amount && p.Amount > best.Amount * 0.3m);
    }

    private static (decimal Amount, string? Currency, bool Symbol)? Read(PageView view, PageNode node, PageContext page, Func<string, PriceReading> parsed)
    {
        bool price = PriceMarks().IsMatch(node.Marks) || node.Element.GetAttribute("itemprop") is "price" or "lowPrice" || node.Element.HasAttribute("data-price-amount") || node.Element.HasAttribute("data-price");
        if (node.Tag is "input" or "option" or "select" or "script" or "body" or "main" || view.ShortTextOf(node, 200) is not { Length: > 0 } text || text.Length > (price ? MaximumNamed : MaximumText)) return null;
        int digits = text.Count(char.IsDigit);
        // Two prices and a measure stand in one text.
        if (digits is 0 || digits > (price ? MostNamedDigits : MostDigits) || text.Contains('%', StringComparison.Ordinal) && text.Length < 8) return null;
        if (node.Last - node.Index > 40) return null;
        // Of nested elements with one price the innermost whole one speaks; a crossed out one stands beside the price of the element that holds it.
        List<PageNode> struck = [];
        for (int i = node.Index + 1; i <= node.Last; i++)
        {
            PageNode inner = view.Nodes[i];
            if ((inner.Is(Place.Hidden) && !node.Is(Place.Hidden)) || view.ShortTextOf(inner, 200) is not { } part || !part.Any(char.IsDigit) || parsed(part) is not { Amount: > 0, Currency: not null }) continue;
            if (!inner.Is(Place.Struck) || node.Is(Place.Struck)) return null;
            struck.Add(inner);
            i = inner.Last;
        }
        if (struck.Count > 0) text = view.TextWithout(node, struck);
        PriceReading reading = parsed(text);
        if (reading is { Amount: not null, Currency: null } && !text.Any(char.IsLetter) && parsed(WithNeighbours(view, node)) is { Currency: not null } beside && beside.Amount == reading.Amount) reading = beside;
        if (reading.Amount is not > 0 || reading.Amount > 100_000_000m) return null;
        // A word that may also mean something else names the currency only beside a price's mark, or where the page's country has that currency.
        bool symbol = reading.Currency is not null && (price || reading.Currency == page.LocalCurrency || !Currencies.IsWeak(reading.CurrencyText));
        if (!symbol && reading.Currency is not null) reading = reading with { Currency = null };
        if (IsPartOfNumber(view, node)) return null;
        // What a plus leads is added to a price, and what a minus leads is a saving; in parts of a hundred it says of what stands behind it how much was taken off.
        if (text is ['-' or '−' or '–' or '+', _, ..] && !Share().IsMatch(text) && (char.IsAsciiDigit(text[1]) || char.GetUnicodeCategory(text[1]) == UnicodeCategory.CurrencySymbol)) return null;
        // A bare number is a price only where the markup calls it one.
        if (!symbol && (!price || text.Any(char.IsLetter) || text.Length > 14)) return null;
        return (reading.Amount.Value, reading.Currency, symbol);
    }

    // Of a text, and of one in an element that is called a price: several of them, with instalments.
    private const int MostDigits = 16, MostNamedDigits = 32;

    [GeneratedRegex(@"^\W\d{1,2}\s?%", RegexOptions.CultureInvariant, PatternTime.Most)]
    private static partial Regex Share();

    // The whole euros or the cents of a price that is written in several elements.
    private static bool IsPartOfNumber(PageView view, PageNode node)
    {
        if (node.TextEnd == node.TextStart) return false;
        char first = view.Text[node.TextStart], last = view.Text[node.TextEnd - 1];
        char before = node.TextStart == 0 ? ' ' : view.Text[node.TextStart - 1], after = node.TextEnd == view.Text.Length ? ' ' : view.Text[node.TextEnd];
        bool goesOn = char.IsAsciiDigit(last) || last is '.' or ',';
        return (char.IsAsciiDigit(after) && goesOn) || (after is '.' or ',' && char.IsAsciiDigit(last) && node.TextEnd + 1 < view.Text.Length && char.IsAsciiDigit(view.Text[node.TextEnd + 1]))
            || (char.IsAsciiDigit(first) && (char.IsAsciiDigit(before) || (before is '.' or ',' && node.TextStart > 1 && char.IsAsciiDigit(view.Text[node.TextStart - 2]))));
    }

    /// <summary>A number with what stands right before and behind it in its line: the currency may have an element of its own.</summary>
    private static string WithNeighbours(PageView view, PageNode node)
    {
        string before = view.Text[Math.Max(0, node.TextStart - CurrencyReach)..node.TextStart], after = view.Text[node.TextEnd..Math.Min(view.Text.Length, node.TextEnd + CurrencyReach)];
        string own = view.TextOf(node), left = before[(before.LastIndexOf('\n') + 1)..].TrimEnd(), right = after.Split('\n')[0].TrimStart();
        // Only a sign touches a number before it; a word stands behind it.
        return left.Length > 0 && !char.IsLetterOrDigit(left[^1]) ? $"{left[^1]}{own}" : $"{own} {right.Split(' ')[0]}";
    }

    private static double Score(PageView view, PageNode node, bool symbol, PageNode? button)
    {
        double score = symbol ? 2 : 0;
        bool current = false, former = false, other = false, named = false;
        int levels = 0;
        string own = view.TextOf(node);
        bool piece = PriceWords.SayPiece(PriceParser.BehindAmounts(own));
        for (PageNode? at = node; at is not null && levels < 5; at = at.Parent, levels++)
        {
            if (at.Last - at.Index > 60) break;
            string marks = LayoutMarks().Replace(at.Marks, "");
            if (piece) marks = UnitMarks().Replace(marks, "price");
            if (marks.Length == 0) continue;
            named |= PriceMarks().IsMatch(marks);
            if (levels > 2) continue;
            former |= FormerMarks().IsMatch(marks) && !(levels > 0 && current);
            current |= !former && CurrentMarks().IsMatch(marks);
            other |= OtherMarks().IsMatch(marks);
        }
        if (named) score += 3;
        if (current) score += 1.5;
        if (former) score -= 3;
        if (other) score -= 3;
        if (node.Is(Place.Struck)) score -= 6;
        if (node.Is(Place.Related)) score -= 6;
        if (node.Is(Place.Reviews)) score -= 4;
        if (node.Element.GetAttribute("itemprop") is "price" or "lowPrice") score += 3;
        if (node.Tag is "h1" or "h2" or "strong" or "b" or "ins") score += 0.5;
        score += Words(view, node, own, piece) + Nearness(view, node, button);
        if (Grid.IsCell(node) || OfferCard.Holds(view, node)) score -= 7;
        if (IsOfMany(view, node)) score -= 3;
        return score;
    }

    // Characters of a row before its price.
    private const int LongestHead = 80;

    // In a table of graduated prices the row says for how many pieces.
    private static bool IsOfMany(PageView view, PageNode node)
    {
        int levels = 0;
        for (PageNode? at = node; at is not null && levels++ < 4; at = at.Parent)
            if (at.Tag == "tr") return node.TextStart > at.TextStart && node.TextStart - at.TextStart <= LongestHead && PriceWords.IsMany(VisibleText.Collapse(view.Text[at.TextStart..node.TextStart]));
        return false;
    }

    // What stands in the same element and right before it on the page.
    private static double Words(PageView view, PageNode node, string own, bool piece)
    {
        int from = Math.Max(0, node.TextStart - 40);
        string before = view.Text[from..node.TextStart];
        int cut = before.LastIndexOf('\n');
        // Words before another amount speak of that.
        string label = PriceParser.BehindAmounts(PriceWords.BehindShare(PriceWords.BehindNet(VisibleText.Collapse(cut >= 0 && before.Length - cut > 3 ? before[cut..] : before))));
        int to = Math.Min(view.Text.Length, node.TextEnd + 24);
        string rest = view.Text[node.TextEnd..to];
        // What stands in the next line speaks of its own price.
        string after = VisibleText.Collapse(rest.IndexOf('\n', StringComparison.Ordinal) is >= 0 and var end ? rest[..end] : rest);
        double score = 0;
        bool former = PriceParser.SaysFormer(own) || PriceWords.Former().IsMatch(label.Length > 24 ? label[^24..] : label);
        if (former || PriceWords.SaySubscription(PriceParser.BehindAmounts(before))) score -= 3;
        else if (PriceWords.SayPrice(label) || PriceWords.SayPrice(own[..Math.Max(0, own.AsSpan().IndexOfAnyInRange('0', '9'))])) score += 1.5;
        if ((!piece && OtherWords().IsMatch(own)) || (label.Length > 0 && OtherWords().IsMatch(label.Length > 20 ? label[^20..] : label))) score -= 3;
        // What is asked for a piece is the price.
        if (PriceWords.SayPiece(after)) after = "";
        if (after.StartsWith('/') || (after.Length > 0 && OtherWords().Match(after) is { Success: true, Index: < 6 })) score -= 1.5;
        if (own.Length > 25) score -= 1;
        return score;
    }

    private static double Nearness(PageView view, PageNode node, PageNode? button)
    {
        double score = 0;
        if (view.Title is { } title)
        {
            int distance = node.Index - title.Index;
            score += distance < 0 ? (distance > -6 ? 2 : distance > -60 ? 0.5 : -2) : distance switch { < 40 => 3, < 100 => 2.4, < 250 => 1.5, < 500 => 0.5, < 900 => -0.5, _ => -2 };
        }
        if (button is not null)
        {
            int distance = Math.Abs(node.Index - button.Index);
            score += distance switch { < 40 => 1.5, < 100 => 1, < 250 => 0.5, _ => 0 };
        }
        return score;
    }
}
