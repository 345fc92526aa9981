using System.Text.RegularExpressions;
using Touchstone.Crawling.Text;

namespace Touchstone.Crawling.Extraction.Facts;

/// <summary>Reads whether a product can be bought from what is written for people, in the languages of shops. Pure; safe for concurrent calls.</summary>
internal static partial class StockNotes
{
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

    /// <summary>Whether a text speaks of ordering ahead.</summary>
    public static bool SaysBefore(string text) => Before().IsMatch(text);
}
