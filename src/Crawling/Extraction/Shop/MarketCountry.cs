using System.Collections.Frozen;

namespace Touchstone.Crawling.Extraction.Shop;

/// <summary>
/// What is known of countries as markets: the languages in which is ordered there, the currency, the ending of names on the web, and how the country is called in the languages of shops.
/// Sources: ISO 3166-1, ISO 4217, IANA's root zone, CLDR's names of territories. Immutable; thread-safe.
/// </summary>
public sealed record MarketCountry(string Code, IReadOnlyList<string> Languages, string Currency, IReadOnlyList<string> Names)
{
    // Code, languages, currency, names in English, the country's own and those of the languages of shops; a name that is bent is given as it stands after a preposition, too.
    private const string Table = """
        AT|de|EUR|Austria;Österreich;Østrig;Autriche;Oostenrijk;Austrii;Österrike;오스트리아
        BE|nl,fr,de|EUR|Belgium;België;Belgique;Belgien;Bélgica;Belgio;Belgia;Belgii;벨기에
        BG|bg|EUR|Bulgaria;България;Bulgarien;Bulgarie;Bulgarije;Bułgaria;Bułgarii
        CY|el|EUR|Cyprus;Κύπρος;Zypern;Cypern;Chypre;Chipre;Cipro;Cypr
        CZ|cs|CZK|Czechia;Czech Republic;Česko;Česká republika;České republiky;Tschechien;Tjekkiet;Tchéquie;República Checa;Repubblica Ceca;Tsjechië;Czechy;Czech;Tjeckien
        DE|de|EUR|Germany;Deutschland;Tyskland;Allemagne;Alemania;Germania;Duitsland;Niemcy;Niemiec;독일
        DK|da|DKK|Denmark;Danmark;Dänemark;Danemark;Dinamarca;Danimarca;Denemarken;Dania;Danii;덴마크
        EE|et|EUR|Estonia;Eesti;Estland;Estonie
        ES|es|EUR|Spain;España;Spanien;Espagne;Spagna;Spanje;Hiszpania;Hiszpanii;스페인
        FI|fi,sv|EUR|Finland;Suomi;Suomeen;Suomessa;Finnland;Finlande;Finlandia;Finlandii;핀란드
        FR|fr|EUR|France;Frankreich;Frankrig;Francia;Frankrijk;Francja;Francji;Frankrike;France métropolitaine;프랑스
        GR|el|EUR|Greece;Ελλάδα;Griechenland;Grækenland;Grèce;Grecia;Griekenland;Grecja;Grecji;Grekland
        HR|hr|EUR|Croatia;Hrvatska;Kroatien;Croatie;Croacia;Croazia;Kroatië;Chorwacja
        HU|hu|HUF|Hungary;Magyarország;Ungarn;Hongrie;Hungría;Ungheria;Hongarije;Węgry;Węgier;Ungern
        IE|en|EUR|Ireland;Éire;Irland;Irlande;Irlanda;Ierland;Irlandia
        IT|it|EUR|Italy;Italia;Italien;Italie;Italië;Włochy;Włoch;이탈리아
        LT|lt|EUR|Lithuania;Lietuva;Lietuvoje;Litauen;Lituanie;Litwa
        LU|fr,de|EUR|Luxembourg;Luxemburg;Lëtzebuerg;Luxemburgo;Lussemburgo;Luksemburg
        LV|lv|EUR|Latvia;Latvija;Latvijā;Lettland;Lettonie;Łotwa
        MT|en,mt|EUR|Malta;Malte
        NL|nl|EUR|Netherlands;Nederland;Holland;Niederlande;Niederlanden;Nederlandene;Pays-Bas;Países Bajos;Paesi Bassi;Holandia;Holandii;Nederländerna;네덜란드
        PL|pl|PLN|Poland;Polska;Polsce;Polski;Polen;Pologne;Polonia;폴란드
        PT|pt|EUR|Portugal;Portogallo;Portugalia;Portugalii;포르투갈
        RO|ro|RON|Romania;România;Rumänien;Rumænien;Roumanie;Rumania;Roemenië;Rumunia
        SE|sv|SEK|Sweden;Sverige;Schweden;Suède;Suecia;Svezia;Zweden;Szwecja;Szwecji;스웨덴
        SI|sl|EUR|Slovenia;Slovenija;Slovenijo;Slowenien;Slovenien;Slovénie
        SK|sk|EUR|Slovakia;Slovensko;Slowakei;Slovakiet;Slovaquie
        NO|nb,nn,no|NOK|Norway;Norge;Norwegen;Norvège;Noruega;Norvegia;Noorwegen;Norwegia
        IS|is|ISK|Iceland;Ísland;Island
        CH|de,fr,it|CHF|Switzerland;Schweiz;Suisse;Svizzera;Suiza;Zwitserland;Szwajcaria;스위스
        LI|de|CHF|Liechtenstein
        GB|en|GBP|United Kingdom;Great Britain;UK;Großbritannien;Storbritannien;Royaume-Uni;Reino Unido;Regno Unito;Verenigd Koninkrijk;Wielka Brytania;영국
        UA|uk|UAH|Ukraine;Україна;Україні
        RU|ru|RUB|Russia;Россия;России
        TR|tr|TRY|Turkey;Türkiye;Türkei
        KR|ko|KRW|South Korea;Korea;대한민국;한국;국내
        JP|ja|JPY|Japan;日本
        CN|zh|CNY|China;中国
        TW|zh|TWD|Taiwan;台灣
        US|en,es|USD|United States;USA;U.S.;United States of America;contiguous United States;미국
        CA|en,fr|CAD|Canada;Kanada
        AU|en|AUD|Australia;Australien
        NZ|en|NZD|New Zealand;Neuseeland
        BR|pt|BRL|Brazil;Brasil;Brasilien
        MX|es|MXN|Mexico;México;Mexiko
        AR|es|ARS|Argentina
        CL|es|CLP|Chile
        CO|es|COP|Colombia
        IN|en,hi|INR|India;Indien
        ZA|en|ZAR|South Africa;Südafrika
        IL|he|ILS|Israel;ישראל
        VN|vi|VND|Vietnam;Việt Nam
        TH|th|THB|Thailand;ไทย
        ID|id|IDR|Indonesia
        MY|ms,en|MYR|Malaysia
        SG|en,zh|SGD|Singapore
        HK|zh,en|HKD|Hong Kong;香港
        PH|en|PHP|Philippines
        PK|en,ur|PKR|Pakistan
        AE|ar,en|AED|United Arab Emirates
        SA|ar|SAR|Saudi Arabia
        EG|ar|EGP|Egypt
        MA|ar,fr|MAD|Morocco;Maroc
        BY|ru,be|BYN|Belarus;Беларусь
        KZ|ru,kk|KZT|Kazakhstan;Казахстан
        MD|ro,ru|MDL|Moldova
        RS|sr|RSD|Serbia;Srbija
        BA|bs,hr,sr|BAM|Bosnia and Herzegovina
        MK|mk|MKD|North Macedonia
        AL|sq|ALL|Albania
        GE|ka|GEL|Georgia
        PE|es|PEN|Peru;Perú
        UY|es|UYU|Uruguay
        EC|es|USD|Ecuador
        SV|es|USD|El Salvador
        PR|es,en|USD|Puerto Rico
        """;

    // Endings that are sold all over the world, whatever country they are of.
    private static readonly FrozenSet<string> Generic = new[] { "CO", "ME", "IO", "AI", "TV", "CC" }.ToFrozenSet(StringComparer.Ordinal);

    public static IReadOnlyList<MarketCountry> All { get; } =
    [
        .. Table.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(static line => line.Split('|'))
            .Select(static x => new MarketCountry(x[0], x[1].Split(','), x[2], x[3].Split(';'))),
    ];

    private static readonly FrozenDictionary<string, MarketCountry> ByCode = All.ToFrozenDictionary(static x => x.Code, StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenDictionary<string, MarketCountry> ByName = All.SelectMany(static x => x.Names.Select(name => (name, x))).GroupBy(static p => p.name, StringComparer.OrdinalIgnoreCase).ToFrozenDictionary(static g => g.Key, static g => g.First().x, StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenDictionary<string, string[]> ByLanguage = All.SelectMany(static x => x.Languages.Select(l => (l, x.Code))).GroupBy(static p => p.l, StringComparer.Ordinal).ToFrozenDictionary(static g => g.Key, static g => g.Select(static p => p.Code).Order(StringComparer.Ordinal).ToArray(), StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenDictionary<string, string[]> ByCurrency = All.GroupBy(static x => x.Currency, StringComparer.Ordinal).ToFrozenDictionary(static g => g.Key, static g => g.Select(static x => x.Code).Order(StringComparer.Ordinal).ToArray(), StringComparer.OrdinalIgnoreCase);

    /// <summary>The country of an ISO code; null where nothing is known of it.</summary>
    public static MarketCountry? Find(string? code) => code is not null && ByCode.TryGetValue(code, out MarketCountry? found) ? found : null;

    /// <summary>The country that a name means, in any case; null where it means none.</summary>
    public static MarketCountry? Named(string name) => ByName.GetValueOrDefault(name);

    /// <summary>The countries in which a language is ordered in; none where none is known.</summary>
    public static IReadOnlyList<string> OfLanguage(string language) => ByLanguage.GetValueOrDefault(language) ?? [];

    /// <summary>The countries that pay in a currency; none where none is known.</summary>
    public static IReadOnlyList<string> OfCurrency(string currency) => ByCurrency.GetValueOrDefault(currency) ?? [];

    /// <summary>The country of a host's ending; null for one that says nothing of a country.</summary>
    public static MarketCountry? OfHost(string host)
    {
        string name = host.Split(':')[0].TrimEnd('.');
        int dot = name.LastIndexOf('.');
        string ending = dot < 0 ? "" : name[(dot + 1)..].ToUpperInvariant();
        return Generic.Contains(ending) && !name.EndsWith(".com.co", StringComparison.OrdinalIgnoreCase) ? null : Find(ending == "UK" ? "GB" : ending);
    }
}
