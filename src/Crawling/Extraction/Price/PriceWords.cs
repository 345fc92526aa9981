using System.Text.RegularExpressions;
using Touchstone.Crawling.Text;

namespace Touchstone.Crawling.Extraction.Price;

/// <summary>The words beside a number that say which price it is, in the languages of shops. Pure; safe for concurrent calls.</summary>
internal static partial class PriceWords
{
    // Characters of what stands beside the words of a note that says nothing else: "(…)", "* … *".
    private const int LongestBeside = 4;

    private const string FormerList = @"was|rrp|msrp|srp|list price|regular price|reg\.?|old price|original price|save|you save|saving|statt|uvp|unverb|vorher|bisher|früher|alter preis|sparen|ersparnis|gespart|streichpreis|au lieu de?|ancien prix|prix conseillé|économisez|antes|ahorra|pvpr|pvp|prima|invece di|anziché|prezzo di listino|risparmi|van|adviesprijs|bespaar|i\.?p\.?v|før|førpris|spar|tidigare|ord\.|ordinarie|rek\.? ?pris|stara cena|zamiast|najniższa cena|niedrigster preis|tiefster preis|letzten 30 tage|prix le plus bas|precio más bajo|precio mínimo|prezzo più basso|laagste prijs|lägsta pris|laveste pris|nejnižší cena|najnižšia cena|najniža cijena|najnižja cena|legalacsonyabb ára?|cel mai mic preț|preço mais baixo|alin hinta|madalaim hind|mažiausia kaina|zemākā cena|en düşük fiyat|най-ниска цена|χαμηλότερη τιμή|αρχική|preț vechi|preț inițial|precio anterior|preço anterior|prix initial|prix barré|prezzo precedente|ursprünglich|oude prijs|gammel pris|tidligere|vanha hinta|стара ціна|стара цена|önceki fiyat|giá cũ|giá gốc|ราคาปกติ|původně|původní cena|běžná cena|ušetříte|bolo|norm\.|normal|compare at|(?:est\.?|estimated|comparable|comp\.) value|retail|instead of|lowest price|vejl|veil|normaalihinta|tavahind|vana hind|stara cijena|prijašnja cijena|redovna cijena|redna cena|pôvodná cena|bežná cena|sena kaina|įprasta kaina|vecā cena|parastā cena|cena bez atlaides|prp|member(?:s|'s|s')? price|mitgliederpreis|clubpreis|prix (?:membre|adhérent|club)|precio socios?|prezzo soci|ledenprijs|clubprijs|medlemspris|klubbpris|cena klubowa|klubová cena|jäsenhinta|ovh|eredeti|старая|вместо|было|раньше|скидка|eski fiyat|通常価格|定価|参考価格|希望小売価格|原价|原價|市场价|市價|定價|建議售價|建议零售价|建议售价|정가|정상가|소비자가|시중가|بدلا من|كان|السعر قبل|قبل الخصم|السعر السابق|السعر الأصلي|قیمت قبلی|قیمت قبل|במקום|מחיר קודם|מחיר מחירון|לפני הנחה";

    /// <summary>Whether a text holds a word for an amount that not everybody is asked now: a former, recommended, saved or members' one.</summary>
    [GeneratedRegex(@"(^|[^\p{L}])(" + FormerList + @")([^\p{L}]|$)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, PatternTime.Most)]
    public static partial Regex Former();

    [GeneratedRegex(@"(^|[^\p{L}])(now|only|today|sale price|your price|our price|jetzt|nur|nur noch|heute|aktionspreis|maintenant|seulement|désormais|ahora|solo|sólo|ora|adesso|nu|voor|nå|kun|nyní|teraz|tylko|iba|most|csak|acum|doar|сейчас|теперь|только|şimdi|new price|neuer preis|nouveau prix|nuevo precio|novo preço|por|nuovo prezzo|nieuwe prijs|ny pris|nyt|uusi hinta|nowa cena|nová cena|nova cijena|nova cena|jauna cena|nauja kaina|uus hind|új ár|preț nou|новая цена|нова ціна|нова цена|yeni fiyat|νέα τιμή|τώρα|giá mới|今だけ|特価|现价|現價|지금|الآن|السعر بعد|بعد الخصم|עכשיו|אחרי הנחה)\W*$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, PatternTime.Most)]
    private static partial Regex Now();

    [GeneratedRegex(@"^\s*[^\d\s/().,;]{0,4}\s*(?:/|\b(?:per|pro|je|par|por|al|za|od|the|le|la|á|à)\b)\s*(?:(?:le|la|il)\s+)?(?:\d+(?:[.,]\d+)?\s*)?(?:kg|kilo|g|gr|mg|ml|cl|dl|l|lt|ltr|litre|liter|litro|mètre|lb|lbs|oz|m²|m2|m³|m|cm|st|stk|stück|stuk|pcs|pc|piece|unit|each|ea|100)\b|^\s*[^\d\s/().,;]{0,4}\s*=\s*\d+(?:[.,]\d+)?\s*(?:kg|g|mg|l|ml|cl|dl|m|m²|m2|cm|lb|oz|stk|stück)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, PatternTime.Most)]
    private static partial Regex Measure();

    [GeneratedRegex(@"(^|[^\p{L}])(grundpreis|unit price|prix au (kilo|litre|kg|l)|precio por (kg|kilo|litro|l)|prezzo al (kg|kilo|litro|l)|eenheidsprijs|jmf-?pris|jämförpris|cena jednostkowa|jednotková cena|(\d+\s*)?(100\s*)?(kg|g|ml|l)\s*=)\s*:?\s*\W*$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, PatternTime.Most)]
    private static partial Regex MeasureBefore();

    [GeneratedRegex(@"(?:(?:^|[^\p{L}])(?:price|preis|endpreis|prix|precio|preço|prezzo|prijs|pris|cena|hinta|hind|kaina|ár|ára|preț|cijena|цена|ціна|fiyat|fiyatı|τιμή|السعر|سعر|قیمت|מחיר|giá|harga)|価格|售價|售价|特價|特价|價格|价格|直購價|優惠價|優惠价|促銷價|會員價|網路價|판매가|가격|할인가|ราคา)\s*[:：]?\s*(?:\d{1,2}\s*折)?\s*(?:[\p{Sc}]|\p{L}{1,3}\.?)?\W{0,6}$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, PatternTime.Most)]
    private static partial Regex Label();

    [GeneratedRegex(@"^.*\d\D{0,6}?(?<!\p{L})(?:zzgl|excl|exkl|ekskl|excluding|ex|netto|net|hors|ht|sin|senza|bez|brez|税抜|税別)(?!\p{L})\.?\s*\(?(?:vat|tax(?:e|es)?|gst|mwst|ust|btw|iva|tva|moms|dph|daně|ddv|pdv)?\.?\)?", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, PatternTime.Most)]
    private static partial Regex NetBefore();

    /// <summary>The text between two prices without what says that the former is net.</summary>
    public static string BehindNet(string between) => NetBefore().Replace(between, "");

    [GeneratedRegex(@"^.*\d\s?%[\s)]*", RegexOptions.CultureInvariant, PatternTime.Most)]
    private static partial Regex ShareBefore();

    /// <summary>The text before a price without what says how much is saved in parts of it: "(save 40 %)".</summary>
    public static string BehindShare(string before) => ShareBefore().Replace(before, "");

    [GeneratedRegex(@"(?:call|contact us|ask|email us|enquire|inquire|request a quote) for (?:a |the )?(?:price|pricing|quote)|consultar precio|电询|電洽", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, PatternTime.Most)]
    private static partial Regex Asking();

    [GeneratedRegex(@"(?:price|pricing|cost)s? (?:up)?on (?:request|application|enquiry|inquiry)|preis auf anfrage|prix sur (?:demande|devis)|(?:precio|preço) (?:a consultar|sob consulta|bajo consulta)|sob consulta|prezzo su richiesta|prijs op aanvraag|pris på (?:forespørgsel|forespørsel|förfrågan|begäran)|cena na (?:zapytanie|dotaz|vyžádání|vyžiadanie|upit|povpraševanje)|hinta pyydettäessä|ár kérésre|preț la cerere|цена по запросу|ціна за запитом|цена при запитване|fiyat sorunuz|τιμή κατόπιν|価格(?:は)?(?:お問い合わせ|要相談)|가격\s?문의|价格面议|價格面議|السعر عند الطلب|מחיר לפי בקשה", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, PatternTime.Most)]
    private static partial Regex OnRequest();

    /// <summary>Whether a text says that the price is told on request, or asks to be asked for it.</summary>
    public static bool SayOnRequest(string text) => OnRequest().IsMatch(text) || Asking().IsMatch(text);

    /// <summary>Whether a text says that the price is told on request and nothing else, as what stands in a price's place does.</summary>
    public static bool IsOnRequest(string text) => OnRequest().Match(text) is { Success: true } said && text.Length - said.Length <= LongestBeside;

    [GeneratedRegex(@"^\s*/\s*(?:piece|pieces|pc|pcs|each|ea|unit|set|pair|stück|stk|st|stuk|szt|ks|kom|шт|pièce|unité|pieza|unidad|pezzo|個|点|개|件|个)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, PatternTime.Most)]
    private static partial Regex Piece();

    /// <summary>Whether the text behind a number says that it is asked for one piece.</summary>
    public static bool SayPiece(string after) => Piece().IsMatch(after);

    /// <summary>Whether the text before a number ends with a word for a price, as a label does.</summary>
    public static bool SayPrice(string before) => Label().IsMatch(before);

    /// <summary>Whether the text before a number ends with a word that says: this is asked now.</summary>
    public static bool SayNow(string before) => Now().IsMatch(before) && !SayFormer(before);

    /// <summary>Whether the text between the number before and this one calls it a former, recommended, saved or members' amount.</summary>
    public static bool SayFormer(string before) => Former().IsMatch(before);

    [GeneratedRegex(@"(?<!\p{L})(?:shipping|delivery|postage|versandkostenfrei|kostenloser versand|gratisversand|versand|livraison|envío|frete|spedizione|verzending|fri fragt|fri frakt|dostawa|doprava)(?: (?:is )?(?:free|gratis|gratuit|gratuite|gratuita|grátis|zdarma|offerte))?(?: (?:on )?(?:all )?orders?(?: of)?(?:\s+(?:over|above|from))?|\s+(?:over|above|from|ab|dès|à partir de|a partir de|da|vanaf|über|od|nad|acima de|superiori a|ved køb over))\s*$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, PatternTime.Most)]
    private static partial Regex Threshold();

    [GeneratedRegex(@"(?<!\p{L})(?:subscri(?:be|ption)|auto-?ship|auto-?delivery|spar-?abo|im abo|abonnement|s'abonner|abonnez|suscr[ií]b|suscripci|assina|abbonament|prenumer)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, PatternTime.Most)]
    private static partial Regex Subscription();

    /// <summary>Whether a text speaks of buying again and again, for which less is asked.</summary>
    public static bool SaySubscription(string text) => Subscription().IsMatch(text);

    [GeneratedRegex(@"^\W*(?:(?:ab|from|desde|da|od|vanaf|dès|à partir de|fra|från|fr\.)\s*(?:[2-9]|\d{2,5})(?!\d)|(?:≥|>=?)\s*(?:[2-9]|\d{2,5})|(?:[2-9]|\d{2,5})\s*(?:\+|or more|oder mehr|-|–|to |bis )[\s\d]*)[\p{L}\s.]{0,12}$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, PatternTime.Most)]
    private static partial Regex ManyPieces();

    /// <summary>Whether a text, as the head of a row of graduated prices, names more than one piece.</summary>
    public static bool IsMany(string text) => ManyPieces().IsMatch(text);

    /// <summary>Whether the text before an amount says that so much must be spent for free delivery.</summary>
    public static bool SayThreshold(string before) => Threshold().IsMatch(before);

    // Postage, and what is given back or paid ahead.
    private const string AddedList = @"(?:(?:ein|mehr)weg|flaschen|dosen)?pfand|versand(?:kosten)?|porto|shipping(?: (?:cost|fee)s?)?|delivery(?: (?:cost|fee)s?)?|postage|deposit|anzahlung|kaution|frais de (?:port|livraison)|livraison|consigne|acompte|(?:gastos|costes) de envío|envío|spese di spedizione|spedizione|caparra|verzend(?:kosten|ing)|statiegeld|aanbetaling|frakt|fragt|pant|dostawa|wysyłka|kaucja|doprava|poštovné|záloha|szállítás(?:i díj)?|доставка|kargo|frete|送料";

    [GeneratedRegex(@"(?<!\p{L})(?:zzgl\.?|zuzüglich|" + AddedList + @")\s*[:：]?\s*$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, PatternTime.Most)]
    private static partial Regex Added();

    [GeneratedRegex(@"(?:(?<!\p{L})(?:inkl|incl|included?|including|inclus|plus|davon|dont|dazu)\.?|\+)\s*$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, PatternTime.Most)]
    private static partial Regex Including();

    [GeneratedRegex(@"^\s*(?:" + AddedList + @")(?!\p{L})", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, PatternTime.Most)]
    private static partial Regex AddedBehind();

    /// <summary>Whether the text before an amount, or that before it and that behind it, says that it is added to the price or held in it: postage, a deposit.</summary>
    public static bool SayAdded(string before, string behind) => Added().IsMatch(before) || IsHeld(before, behind);

    /// <summary>Whether the text around an amount says that so much of the price is postage or a deposit: "incl. 0.25 € deposit".</summary>
    public static bool IsHeld(string before, string behind) => Including().IsMatch(before) && AddedBehind().IsMatch(behind);

    [GeneratedRegex(@"^\s*(?:helyett|yerine|sijaan|asemel|のところ|대신)(?!\p{L})", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, PatternTime.Most)]
    private static partial Regex InsteadBehind();

    /// <summary>Whether the text behind an amount and its currency says <c>instead of</c>, in languages that say it there.</summary>
    public static bool SayInstead(string behind) => InsteadBehind().IsMatch(behind);

    [GeneratedRegex(@"^[\s(（/*,.\-–]*(?:(?:netto|net|hors ta?xes?|ht|税抜き?|税別|不含税|未税|(?:plus|\+) ?(?:vat|gst|tax|iva|tva|kdv|moms|mva|btw|mwst|ust|dph|áfa)|(?:iva|tva|mwst\.?|vat|tax(?:es)?|gst|moms|mva|btw|kdv|dph|áfa) (?:esclus[ao]|escl\.?|exclu(?:ded|ido|ida|se|s)|excl\.?|ekskl\.?|exkl\.?|not included|nicht enthalten|no incluido|não incluído|hariç|nélkül)|ohne mwst|senza iva|sin iva|sem iva|bez dph|bez pdv|brez ddv|bez vat|áfa nélkül|без пдв|без ндс|без ддс)|(?:zzgl|excl|exkl|ekskl|excluding|ex)\.? ?(?:\d+ ?% ?)?(?:vat|tax(?:e|es)?|gst|mwst|ust|btw|iva|tva|moms))(?!\p{L})", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, PatternTime.Most)]
    private static partial Regex NetBehind();

    [GeneratedRegex(@"(?<!\p{L})(?:net(?:t[oó])?(?:[ -]?(?:price|preis|prijs|pris|cena|ár|prezzo|fiyat))?|(?:ohne|utan|uden|sans|senza|sin|sem|bez|brez|без) (?:mwst|ust|moms|tva|taxes?|iva|dph|vat|pdv|ddv|ндс|пдв|ддс)|本体(?:価格)?|税前|未税|(?:excl|exkl|ekskl|ex)\.? ?(?:vat|tax|gst|mwst|ust|btw|iva|tva|moms)|prix ht|ht|税抜(?:価格)?|税別)\W*$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, PatternTime.Most)]
    private static partial Regex CalledNet();

    /// <summary>Whether an amount is called net by what stands before it or behind it and its currency.</summary>
    public static bool IsNet(string before, string behind) => NetBehind().IsMatch(behind) || CalledNet().IsMatch(before);

    [GeneratedRegex(@"(?<![\d.,])(?:[2-9]|\d{2,3})\s*(?:[x×*]\s*(?:de|von|à|a)?|for|für|pour|voor|za|db|(?:(?:interest[ -]free |monthly |monatliche |taksit|mensual(?:es)? )?(?:payments?|instal?lments?|cuotas?|parcelas?|vezes|pagos|mensualidades|raten?|mensualités|échéances|termijnen|rat|taksit|splát(?:ek|ky)|avdrag|rater|maksuerää)(?: sin interés| sem juros)?)\s*(?:of|de|von|zu(?: je)?|zum preis von|à|da|van|po|på|x|×)?)\s*[\p{Sc}]?\s*$|pay in (?:[2-9]|\d{2}) of\s*[\p{Sc}]?\s*$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, PatternTime.Most)]
    private static partial Regex Several();

    [GeneratedRegex(@"^\s*(?:/|per|pro|par|al|por|im|i)?\s*(?:months?|mo|monat|monatlich|mtl|mois|mes|mês|mese|måned|mnd|mån|månad|maand|mies|miesiąc|měs|hó|мес)(?!\p{L})", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, PatternTime.Most)]
    private static partial Regex Monthly();

    /// <summary>Whether an amount is one of several instalments, or asked for several pieces: <c>3 x 10 €</c>, <c>2 for £5</c>, <c>10 €/month</c>.</summary>
    /// <param name="before">The text before the amount and its currency.</param>
    /// <param name="behind">The text behind both.</param>
    public static bool IsPart(string before, string behind) => Several().IsMatch(before) || FromQuantity().IsMatch(before) || Monthly().IsMatch(behind);

    [GeneratedRegex(@"(?<![\d.,])(?:[2-9]|\d{2,4})\s*(?:\+|or more|and more|oder mehr|ou plus|o más|o più|ou mais|of meer)\s*[:：]?\s*[\p{Sc}]?\s*$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, PatternTime.Most)]
    private static partial Regex FromQuantity();

    /// <summary>Whether a number is the price of a measure: <c>£1.30/100g</c>.</summary>
    public static bool IsByMeasure(string before, string after) => Measure().IsMatch(after) || MeasureBefore().IsMatch(before);
}
