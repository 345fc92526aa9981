using System.Collections.Frozen;

namespace Touchstone.Crawling.Extraction.Price;

/// <summary>The ways in which shops write currencies. A symbol that several countries share maps to its most frequent one unless a country says otherwise. Source: ISO 4217 and the currencies' own signs.</summary>
public static class Currencies
{
    // "code: forms"; a form after ~ is weak: it counts only beside a number, because it is also a letter or a word.
    private static readonly string[] Table =
    [
        "USD: US$ U$S USD$ US$: $US US-$ $ US~ dollars~ dollar~", "EUR: € EUR€ ЕВРО евро euro~ euros~ eur", "GBP: £ ￡ ₤ GBP£ UK£ stg~ pound~ pounds~ GBp~",
        "JPY: ¥ ￥ 円 JP¥ yen~", "CNY: CN¥ RMB 元 人民币 圆 圓 yuan~", "KRW: ₩ 원 ￦ won~", "INR: ₹ Rs. Rs INR₹ ரூ ₨ Rupees~ Re~", "RUB: ₽ руб. руб р. Rbl~ RUR Руб РУБ рублей рубля рубль р~ Р~",
        "UAH: ₴ грн. грн hrn~ ГРН", "PLN: zł. zł ZŁ zl~ zlotych~", "CZK: Kč KČ kč Kc~", "HUF: Ft. Ft~ HUF.", "RON: lei~ leu~ Lei~ RON. LEI~", "BGN: лв. лв ЛВ lv~ лева", "TRY: ₺ TL~ YTL",
        "SEK: kr.~ kr~ Kr~ KR~ :-~ SEK.", "DKK: DKK. dkr~", "NOK: NOK. nkr~", "ISK: Íkr", "CHF: CHF. SFr.~ SFr~ Fr.~ Fr~ fr.~ CHf~ chf~ sFr~", "AUD: A$ AU$ AUD$ $AU $A AU~", "CAD: C$ CA$ CDN$ CAN$ CAD$ $CA $C CND Cdn~",
        "NZD: NZ$ NZD$ $NZ", "SGD: S$ SG$ SGD$", "HKD: HK$ HKD$", "TWD: NT$ NTD TWD$ NT~ NTD$", "MXN: MX$ Mex$ MXN$ M.N.~", "BRL: R$ BRL$", "ARS: AR$ ARS$", "CLP: CLP$", "COP: COP$ Col$", "UYU: $U UY$",
        "PEN: S/. S/~", "ZAR: R~ ZAR.", "ILS: ₪ ש״ח ש\"ח ש'ח NIS nis~ שח", "AED: Dhs.~ Dhs~ Dh~ د.إ درهم AED.", "SAR: ⃁ ر.س SR~ ريال SAR.", "EGP: E£ ج.م LE~ L.E. L.E جنيه EGP. £E", "KWD: KD~ د.ك دينار~ K.D. KWD.", "BHD: BD~ .د.ب د.ب",
        "OMR: ر.ع. ر.ع RO~", "QAR: ر.ق QR~", "JOD: د.أ د.ا JD~", "IQD: ع.د د.ع ID~", "LYD: ل.د د.ل LD~", "TND: د.ت DT~", "DZD: دج د.ج DA~", "MAD: د.م. د.م DH~", "LBP: ل.ل L.L. LL~", "SYP: ل.س", "YER: ر.ي", "SDG: ج.س. ج.س", "IRR: تومان ریال",
        "THB: ฿ บาท baht~ Baht~", "VND: ₫ VNĐ đ~ Đ~ vnđ", "IDR: Rp.~ Rp~", "MYR: RM~", "PHP: ₱ Php~ PHP.", "KZT: ₸ тг. тг тенге", "BYN: Br~ BYR бел.", "GEL: ₾ ლარი lari~ ლ", "AMD: ֏ դրամ", "AZN: ₼ man.~", "RSD: dinara~ Dinara~ din.~ din~ дин. дин Дин RSD. РСД",
        "HRK: kn~ kuna~", "MKD: ден ДЕН ден. mkd~ den~", "BAM: KM~ км~ КМ~", "ALL: Lekë lek~", "LTL: Lt~", "LVL: Ls~ Ls.~", "EEK: EEK.", "PKR: PKR. Rs/-", "LKR: රු LKR.", "BDT: ৳ Tk~ Tk.~", "NPR: NRs रु", "KES: KSh KShs KSh. Ksh ksh~",
        "NGN: ₦", "GHS: ₵ GH₵ GH¢ GH¢~ ¢", "TZS: TSh TSh.", "UGX: USh", "ETB: ብር", "ERN: ናቕፋ نافكا Nfk", "XOF: FCFA CFA", "XAF: F.CFA", "XPF: XPF.", "CRC: ₡", "PYG: ₲ Gs.~", "GTQ: Q~ q~", "HNL: L.~ L~", "NIO: C$.", "BOB: Bs.~ Bs~ $b", "VES: Bs.S Bs.F",
        "PAB: B/. B/.~", "DOP: RD$", "JMD: J$", "TTD: TT$", "BBD: Bds$", "GYD: G$ GY$", "ANG: NAƒ ƒ", "MNT: ₮ төг", "LAK: ₭", "KHR: ៛", "MMK: Ks~ K~", "UZS: so'm Sʻ~ S'~ som~ сум soʻm", "KGS: сом с~", "TJS: сомони", "PTE: Esc~ Esc.~", "FRF: FF~ ₣ R₣ franc~ francs~ ₶",
        "BWP: P~", "SZL: E~", "GMD: D~", "GNF: GFr~ FG~", "RWF: FRw RF~", "BIF: Fbu", "MGA: Ar~", "MZN: MT~ MTn~", "SOS: Sh.So.", "SLL: Le~ Sl~", "NAD: N$", "MUR: MUR.", "BTC: Ƀ BTC ฿TC", "BTN: Nu~ Nu.~", "VUV: Vt~ VT~", "PGK: PGK.", "AOA: kwz~ Kz~", "ZMW: ZK~", "HTG: G~", "MVR: Rf.~", "TOP: T$", "WST: WS$", "DEM: DM~", "MOP: MOP$", "SPL: SPL~", "SPL: SPL~",
    ];

    private const string Codes =
        " AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HRK HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KRW KWD KYD KZT LAK LBP LKR LRD LSL LTL LVL LYD MAD MDL MGA MKD MMK MNT MOP MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PTE PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SLL SOS SRD SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWL DEM FRF ITL ESP ATS NLG BEF FIM IEP SKK SIT EEK ";

    /// <summary>A written form, the currency it most often means, and whether it counts only beside a number.</summary>
    public readonly record struct Form(string Text, string Code, bool Weak);

    private static readonly FrozenSet<string> CodeSet = Codes.Split(' ', StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.Ordinal);

    /// <summary>All forms, the longest first, so that <c>US$</c> is found before <c>$</c>.</summary>
    public static IReadOnlyList<Form> Forms { get; } = ReadForms();

    private static readonly FrozenDictionary<string, string> ByText = Forms.GroupBy(static f => f.Text, StringComparer.Ordinal).ToFrozenDictionary(static g => g.Key, static g => g.First().Code, StringComparer.Ordinal);

    private static readonly FrozenSet<string> WeakForms = Forms.Where(static f => f.Weak).Select(static f => f.Text).ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, string> ByCountry = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
    {
        ["us"] = "USD", ["uk"] = "GBP", ["gb"] = "GBP", ["au"] = "AUD", ["ca"] = "CAD", ["nz"] = "NZD", ["sg"] = "SGD", ["hk"] = "HKD", ["tw"] = "TWD", ["mx"] = "MXN", ["ar"] = "ARS", ["cl"] = "CLP", ["uy"] = "UYU",
        ["se"] = "SEK", ["dk"] = "DKK", ["no"] = "NOK", ["is"] = "ISK", ["jp"] = "JPY", ["cn"] = "CNY", ["kr"] = "KRW", ["in"] = "INR", ["pk"] = "PKR", ["lk"] = "LKR", ["np"] = "NPR", ["br"] = "BRL", ["za"] = "ZAR",
        ["ru"] = "RUB", ["ua"] = "UAH", ["by"] = "BYN", ["kz"] = "KZT", ["pl"] = "PLN", ["cz"] = "CZK", ["hu"] = "HUF", ["ro"] = "RON", ["md"] = "MDL", ["bg"] = "EUR", ["tr"] = "TRY", ["ch"] = "CHF", ["il"] = "ILS", ["ae"] = "AED",
        ["sa"] = "SAR", ["eg"] = "EGP", ["th"] = "THB", ["vn"] = "VND", ["id"] = "IDR", ["my"] = "MYR", ["ph"] = "PHP", ["rs"] = "RSD", ["mk"] = "MKD", ["ba"] = "BAM", ["al"] = "ALL", ["ir"] = "IRR", ["pe"] = "PEN", ["ke"] = "KES", ["ng"] = "NGN",
        ["de"] = "EUR", ["at"] = "EUR", ["fr"] = "EUR", ["it"] = "EUR", ["es"] = "EUR", ["pt"] = "EUR", ["nl"] = "EUR", ["be"] = "EUR", ["ie"] = "EUR", ["fi"] = "EUR", ["gr"] = "EUR", ["sk"] = "EUR", ["si"] = "EUR", ["lt"] = "EUR", ["lv"] = "EUR",
        ["tn"] = "TND", ["dz"] = "DZD", ["ma"] = "MAD", ["jo"] = "JOD", ["kw"] = "KWD", ["bh"] = "BHD", ["qa"] = "QAR", ["om"] = "OMR", ["lb"] = "LBP", ["iq"] = "IQD", ["py"] = "PYG", ["uz"] = "UZS", ["ge"] = "GEL", ["am"] = "AMD",
        ["az"] = "AZN", ["bd"] = "BDT", ["gh"] = "GHS", ["tz"] = "TZS", ["ug"] = "UGX", ["ee"] = "EUR", ["lu"] = "EUR", ["mt"] = "EUR", ["cy"] = "EUR", ["hr"] = "EUR", ["eu"] = "EUR",
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether the written form is also a letter or a word, so that it names a currency only where something else speaks for a price.</summary>
    public static bool IsWeak(string? form) => form is not null && (form is "p" || WeakForms.Contains(form.Trim()));

    /// <summary>Whether the text is an ISO 4217 code in capitals, present or withdrawn.</summary>
    public static bool IsCode(string text) => CodeSet.Contains(text);

    /// <summary>The currency of a country by its two-letter top-level domain; null for others.</summary>
    public static string? OfCountry(string? country) => country is not null && ByCountry.TryGetValue(country, out string? code) ? code : null;

    /// <summary>
    /// The ISO 4217 code that a written form means; null if it is no known form. For a form that several countries share, <paramref name="local"/>
    /// (the currency expected on the page) decides if it is one of them.
    /// </summary>
    public static string? CodeOf(string? form, string? local = null)
    {
        if (string.IsNullOrWhiteSpace(form)) return null;
        string text = form.Trim();
        string upper = text.ToUpperInvariant();
        if (CodeSet.Contains(upper)) return upper;
        string? code = ByText.TryGetValue(text, out string? known) ? known : ByText.TryGetValue(text.Replace(" ", string.Empty, StringComparison.Ordinal), out known) ? known : null;
        if (code is null && upper.EndsWith('.')) return CodeOf(text.TrimEnd('.'), local);
        // A word may begin with a capital.
        if (code is null && text.Length > 3 && ByText.TryGetValue(text.ToLowerInvariant(), out known)) code = known;
        return local is not null && Shares(text, local) ? local : code;
    }

    private static bool Shares(string form, string local) => form.TrimEnd('.') switch
    {
        "$" => local is "AUD" or "CAD" or "NZD" or "SGD" or "HKD" or "TWD" or "MXN" or "ARS" or "CLP" or "COP" or "UYU" or "USD",
        "kr" or "Kr" or "KR" or ":-" => local is "SEK" or "DKK" or "NOK" or "ISK" or "EEK",
        "¥" or "￥" => local is "JPY" or "CNY",
        "£" => local is "GBP" or "EGP" or "LBP",
        "Rs" or "₨" => local is "INR" or "PKR" or "LKR" or "NPR" or "MUR",
        "lei" or "Lei" or "LEI" => local is "RON" or "MDL",
        "ريال" => local is "SAR" or "QAR" or "OMR" or "YER" or "IRR",
        "درهم" or "DH" or "Dh" or "Dhs" => local is "AED" or "MAD",
        "р" or "руб" => local is "RUB" or "BYN",
        // "Now", in the languages of these.
        "Nu" or "nu" => local is "DKK" or "SEK" or "NOK" or "EUR",
        "C$" => local is "CAD" or "NIO",
        "元" or "圆" or "圓" => local is "CNY" or "TWD" or "HKD",
        "R" => local is "ZAR",
        _ => false,
    };

    /// <summary>Whether the euro has taken the currency's place. Source: the European Central Bank; Bulgaria's since 2026.</summary>
    public static bool IsBeforeEuro(string? code) => code is "BGN" or "HRK" or "LTL" or "LVL" or "EEK" or "SKK" or "SIT" or "DEM" or "FRF" or "ITL" or "ESP" or "ATS" or "NLG" or "BEF" or "FIM" or "IEP" or "PTE";

    /// <summary>Whether a hundredth of the currency is called a cent.</summary>
    public static bool HasCents(string code) => code is "EUR" or "USD" or "AUD" or "CAD" or "NZD" or "SGD" or "HKD" or "ZAR" or "KES";

    /// <summary>Whether amounts in the currency have three decimals, so that 1.250 is one and a quarter.</summary>
    public static bool HasThreeDecimals(string? code) => code is "KWD" or "BHD" or "OMR" or "JOD" or "TND" or "LYD" or "IQD";

    private static List<Form> ReadForms()
    {
        List<Form> forms = [];
        foreach (string row in Table)
            foreach (string form in row[5..].Split(' ', StringSplitOptions.RemoveEmptyEntries))
                forms.Add(new(form.TrimEnd('~'), row[..3], form.EndsWith('~')));
        foreach (string code in CodeSet)
        {
            forms.Add(new(code, code, false));
            forms.Add(new(code.ToLowerInvariant(), code, true));
            forms.Add(new(code[..1] + code[1..].ToLowerInvariant(), code, true));
        }
        return [.. forms.DistinctBy(static f => f.Text).OrderByDescending(static f => f.Text.Length)];
    }
}
