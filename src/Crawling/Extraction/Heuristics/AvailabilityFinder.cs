using System.Text.RegularExpressions;
using Touchstone.Crawling.Extraction.Facts;
using Touchstone.Crawling.Text;

namespace Touchstone.Crawling.Extraction.Heuristics;

/// <summary>Reads from stock notes and buttons whether the product can be bought. Stock notes near the title speak before buttons; buttons before silence.</summary>
internal static partial class AvailabilityFinder
{
    // Characters and elements of a note.
    private const int MaximumText = 120, MostElements = 12;

    [GeneratedRegex(@"out[\s-]of[\s-]stock|sold[\s-]out|(currently|temporarily|item|product|is|are) (is )?(currently )?(unavailable|not available)|^unavailable|not available|no longer (available|in stock)|not in stock|back in stock|notify me when|email me when|nicht (mehr )?(lieferbar|verfügbar|vorrätig|auf lager|bestellbar)|ausverkauft|vergriffen|derzeit nicht|zur ?zeit nicht|momentan nicht|rupture( de stock)?|épuisé|en rupture|indisponible|plus disponible|(plus|pas) en stock|non disponible|agotad[oa]s?|no hay (stock|existencias)|sin stock|sin existencias|no disponible|fuera de stock|esgotado|indisponível|sem stock|sem estoque|esaurito|non disponibile|terminato|uitverkocht|niet (meer )?(op voorraad|leverbaar|beschikbaar|verkrijgbaar)|tijdelijk uitverkocht|slutsåld|slut i lager|ej i lager|ej tillgänglig|finns (ej|inte) (längre|kvar|att köpa|i (webb)?lager|tillgänglig)|tillfälligt slut|utsolgt|ikke (på lager|tilgængelig|tilgjengelig)|udsolgt|udgået|utgått|loppu(nut|unmyyty)|ei varastossa|ei saatavilla|brak (w magazynie|towaru|na stanie)|niedostępn|wyprzedan|produkt niedostępny|vyprod[aá]n|není skladem|nedostupn|nie je skladom|nie je možné produkt kúpiť|momentálne nedostupn|elfogyott|(nincs|nem) (raktáron|készleten)|nem (kapható|elérhető|rendelhető)|stoc epuizat|indisponibil|nu este (in|în) stoc|нет (в наличии|на складе|в продаже)|товар закончился|отсутствует|распродан|снят с продажи|немає в наявності|няма наличност|изчерпан|tükendi|tükenmiş|stokta (yok|bulunm|kalma|değil)|temin edilem|εξαντλ|μη διαθ[έε]σιμ|在庫(切れ|なし|無し|[はが]?(ありません|ございません))|売り切れ|完売|品切れ|入荷待ち|取扱終了|sold ?out|[没沒]有?[货貨]|[无無][货貨]|缺货|缺貨|售罄|售完|補貨中|补货中|[無无]庫?库?存|已下架|품절|매진|판매\s?(중지|종료|완료)|재고(가|는)?\s?[:：]?\s?(없|부족|소진|0(?![\d.,]))|אזל|(לא|אינו|אינה|אין|חסר) במלאי|نفد|نفذت|غير (متوفر|متاح)|ناموجود|สินค้าหมด|hết hàng|habis|stok kosong|rasprodano|nema na (stanju|zalihi)|razprodano|ni na zalogi|otsas|läbi müüdud|išparduota|nav pieejams|izpārdots|\bas stoc\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, PatternTime.Most)]
    private static partial Regex Gone();

    [GeneratedRegex(@"in[\s-]stock|available (now|for|to|online|immediately)|^available$|availability:? *(yes|available)|ready to ship|ships (within|in|today|from|same)|usually (ships|dispatched)|only \d+ left|\d+ (left )?(in stock|available)|auf lager|(sofort|ab lager) (lieferbar|verfügbar)|lieferbar|vorrätig|verfügbar|lieferzeit|en stock|disponible|in voorraad|op voorraad|leverbaar|voorradig|i lager|på lager|finns i\b|varastossa|heti saatavilla|dostępn|w magazynie|na stanie|wysyłka w|skladem|skladom|na sklade|raktáron|készleten|în stoc|in stoc|disponibil|disponibile|disponível|em stock|em estoque|есть в наличии|в наличии|на складе|є в наявності|в наявності|в наличност|наличен|stokta( var)?|διαθ[έε]σιμ|σε απόθεμα|άμεσα|在庫あり|在庫:? ?[○◯]|有货|現貨|现货|재고|במלאי|متوفر|còn hàng|tersedia|na zalihi|na stanju|na zalogi|laos|sandėlyje|noliktavā|\bi stoc\b|\bar fáil|disponibbli|fl-istokk", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, PatternTime.Most)]
    private static partial Regex There();

    // Words for what is there with one that denies them. Each language by itself: what denies in one is "now" or a thing in another.
    [GeneratedRegex(@"(?<!\w)(?:(?:not|\w+n['’]t) (?!only )(?:\w+ ){0,2}(?:available|in stock)|(?:nicht|kein\w*) (?!nur )(?:\w+ ){0,2}(?:(?:auf|ab) lager|lieferbar|verfügbar|vorrätig|bestellbar)|pas (?!ch[eè]r|seulement |plus )(?:\w+ ){0,2}(?:disponibles?\b|en stock)|no (?!s[oó]lo )(?:\w+ ){0,3}(?:disponibles?\b|en stock)|non (?!solo )(?:[\w'’]+ ){0,2}disponibil[ei]|não (?!só )(?:\w+ ){0,2}(?:disponíve|em (?:stock|estoque))|nu (?!doar )(?:\w+ ){0,3}(?:disponibil|(?:[iî]n|pe) stoc)|niet (?!alleen )(?:\w+ ){0,2}(?:(?:in|op) voorraad|leverbaar|voorradig|beschikbaar|verkrijgbaar)|ikkj?e (?!kun |bare )(?:\w+ ){0,2}(?:på lager|tilgjengelig|tilgængelig)|(?:inte|ej|icke) (?!bara |endast )(?:\w+ ){0,2}(?:(?:i|på) (?:webb)?lager|tillgänglig)|ei (?:ole )?(?!vain )(?:\w+ )?(?:varastossa|saatavilla|saatavana)|(?:pole|ei ole) (?:\w+ )?(?:laos|saadaval)|nėra (?:\w+ )?sandėlyje|nav (?:\w+ )?(?:noliktavā|pieejam)|(?:nie|není|nejsou|nemáme|nemame) (?!tylko |len |jen )(?:\w+ ){0,2}(?:skladem|skladom|na sklad[eě]|dostupn|w magazynie|na stanie|dostępn)|ni(?:je|su|so)? (?!samo )(?:\w+ ){0,2}(?:na (?:zalih|stanju|zalogi)|dostup)|(?:не|няма|нема|немає|нет) (?!само |только |тільки )(?:\w+ ){0,2}(?:в наличност|налич|на складе|в наявності)|δεν (?!μόνο )(?:\w+ ){0,2}(?:διαθ[έε]σιμ|σε απόθεμα|άμεσα)|níl (?:\w+ )?(?:ar fáil|i stoc)|mhux (?:\w+ )?(?:disponibbli|fl-istokk)|ليس(?:ت)? متوفر|لم يعد متوفر|không còn hàng|(?:tidak|belum) tersedia)|[没沒無无](?:有)?[现現][货貨]", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, PatternTime.Most)]
    private static partial Regex Denied();

    [GeneratedRegex(@"pre-?order|vorbestell|précommand|reserva anticipada|przedsprzedaż|förbeställ|forudbestil|předobjednávk|предзаказ|予約", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, PatternTime.Most)]
    private static partial Regex Before();

    [GeneratedRegex(@"back-?order|nachbestell|sur commande|en arrivage|\bon order\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, PatternTime.Most)]
    private static partial Regex Back();

    [GeneratedRegex(@"discontinued|nicht mehr im sortiment|ausgelaufen|produit arrêté|descatalogado|wycofan|снят с производства|生産終了|販売終了|단종", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, PatternTime.Most)]
    private static partial Regex Ended();

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
        Availability? Said(string text) => states.TryGetValue(text, out Availability? known) ? known : states[text] = State(text);
        foreach (PageNode node in view.Nodes)
        {
            if (node.Is(Place.Hidden | Place.Chrome | Place.Related | Place.Reviews) || node.Tag is "option" or "label" or "select" || InOptions(node) || IsOneOfSeveralLabels(view, node)) continue;
            if (node.Last - node.Index > MostElements || view.ShownTextOf(node, 240) is not { Length: <= MaximumText } text || !MayTell(text) || Said(text) is not { } state || !IsInnermost(view, node, Said)) continue;
            double weight = Weight(view, node, text, anchor);
            if (weight > 0 && (best is null || weight > best.Value.Weight)) best = (state, weight);
        }
        PageNode? enabled = buttons.FirstOrDefault(static b => !BuyButtons.IsDisabled(b));
        if (best is { } strong && (strong.Weight >= 3 || enabled is null)) return strong.State;
        if (enabled is not null) return Before().IsMatch(view.TextOf(enabled)) ? Availability.PreOrder : Availability.InStock;
        return best?.State;
    }

    // Two characters are a word where each is a syllable.
    private static bool MayTell(string text) => text.Length > 3 || (text.Length > 1 && text[0] >= '\u2E80');

    /// <summary>The state that a short note names; what is gone is said in more ways, so it is asked first.</summary>
    public static Availability? State(string note)
    {
        string text = ComposedLetters.In(note);
        if (Ended().IsMatch(text)) return Availability.Discontinued;
        if (Gone().IsMatch(text)) return Availability.OutOfStock;
        if (Back().IsMatch(text)) return Availability.BackOrder;
        if (Before().IsMatch(text)) return Availability.PreOrder;
        Match there = There().Match(text), denied = Denied().Match(text);
        return denied.Success && (!there.Success || denied.Index < there.Index) ? Availability.OutOfStock : there.Success ? Availability.InStock : null;
    }

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
