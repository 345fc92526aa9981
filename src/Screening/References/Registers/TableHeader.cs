using System.Text.RegularExpressions;

namespace Touchstone.Screening.References.Registers;

/// <summary>What the columns of a table mean, by its header line. Immutable; safe for concurrent use.</summary>
/// <param name="Columns">The meaning of each column; null: none that is read.</param>
/// <param name="OfShop">Whether a shop software, or a feed for advertisers, wrote the table: its records are the shop's own products, and its descriptions are markup.</param>
internal sealed partial record TableHeader(IReadOnlyList<string?> Columns, bool OfShop)
{
    /// <summary>The columns' names of a table of French recalls; null: it is none.</summary>
    public IReadOnlyList<string>? Recall { get; private init; }

    /// <summary>Lines among which the header is looked for: exports put a name, a date or a filter above it.</summary>
    public const int MostLines = 20;

    // The same in German, Danish, French and Korean.
    private static readonly Dictionary<string, string> Translated = Aliases(
        "id: nummer|nr|numéro|번호|관리번호", "title: bezeichnung|produkt|produktname|produktbezeichnung|titel|navn|produktnavn|betegnelse|titre|nom du produit|désignation|désignation du produit|제목|제품명|상품명|품명",
        "brand: marke|mærke|varemærke|marque|브랜드|상표", "model: modell|modellnummer|typ|modelnummer|modèle|référence|모델|모델명", "category: kategorie|warengruppe|kategori|varegruppe|catégorie|분류|품목",
        "description: beschreibung|beskrivelse|설명", "gtin: strichcode|barcodenummer|stregkode|code barres|code barre|바코드", "pictures: bild|bilder|foto|fotos|billede|billeder|image du produit|이미지|사진",
        "right holder: inhaber|rechteinhaber|rechtsinhaber|indehaver|rettighedshaver|titulaire|권리자|출원인", "registration: registernummer|registrierungsnummer|registreringsnummer|numéro d'enregistrement|등록번호",
        "expires on: ablaufdatum|gültig bis|läuft ab am|udløbsdato|udløber|date d'expiration|만료일", "country of origin: herkunftsland|ursprungsland|oprindelsesland|pays d'origine|원산지", "danger: gefahr|fare|danger|위험");

    private static readonly Dictionary<string, string> Names = Aliases(
        "id: reference id|external id|externalid|number|case number|alert number|key", "kind: type of reference|reference kind", "title: name|product|product name|label|mark",
        "brand: brands|brand name|make", "model: models|type|type number|model number", "category: product category", "description: product description|notes",
        "risk types: risk type|risk|risks|hazard|hazards", "risk level: level", "danger: risk description|reason", "measures: measure|remedy", "notifying country: notified by|country",
        "country of origin: origin|made in", "territory: territories|valid in", "expires on: expires|expiry|expiry date|valid until", "right holder: owner|holder|rightholder|company",
        "contact: right holder contact|email|e mail|owner email", "online trader: marketplace|trader|shop", "url: source url|link|source", "recall url: recall", "published on: date|published|publication date|recall date",
        "production dates: production date|produced", "gtin: ean|upc|barcode|barcodes|gtin13|gtins", "mpn: part number|manufacturer part number|sku", "batch: batch number|lot|batches",
        "registration: registration number|application number|right number", "classes: class|nice|locarno|vienna",
        "pictures: picture|image|images|image url|photo|photos|file|files|filename|picture url|image file|image link|additional image link|image src");

    // Columns of Shopify, WooCommerce and the feeds for advertisers that tables of registers do not have.
    private static readonly HashSet<string> ShopColumns = new(StringComparer.Ordinal) { "variant price", "variant sku", "body (html)", "regular price", "visibility in catalog", "image link", "google product category" };

    private static readonly Dictionary<string, string> ShopNames = Aliases(
        "id: handle", "brand: vendor", "category: categories|product type|google product category|google shopping / google product category|custom product type|standard product type",
        "description: body (html)", "gtin: variant barcode|gtin, upc, ean, or isbn|isbn", "mpn: variant sku|google shopping / mpn", "pictures: variant image|additional image links", "url: external url|permalink");

    // In a shop's table these say how the product is sold.
    private static readonly HashSet<string> ShopMatters = new(StringComparer.Ordinal) { "type", "published", "kind", "company", "shop", "level", "reason" };

    /// <summary>What the elements of one product in a feed for advertisers mean; null if none is a title.</summary>
    public static TableHeader? OfFeed(IReadOnlyList<string> elements)
    {
        string?[] columns = [.. elements.Select(x => MeaningOf(KeyOf(x), shop: true))];
        return columns.Contains("title") ? new TableHeader(columns, OfShop: true) : null;
    }

    /// <summary>The header that the fields make; null if they name no title. A line behind the first one is a header if it names something besides.</summary>
    public static TableHeader? Of(IReadOnlyList<string> fields, bool first)
    {
        string[] keys = [.. fields.Select(KeyOf)];
        if (FrenchRecalls.KeysOf(keys) is { } recall) return new TableHeader([.. recall.Select(FrenchRecalls.MeaningOf)], OfShop: false) { Recall = recall };
        bool shop = keys.Any(ShopColumns.Contains);
        string?[] columns = [.. keys.Select(x => MeaningOf(x, shop))];
        return columns.Contains("title") && (first || columns.OfType<string>().Distinct(StringComparer.Ordinal).Count() > 1) ? new TableHeader(columns, shop) : null;
    }

    /// <summary>The separator of the table that begins with this text; null if none of its first lines is a header.</summary>
    public static char? SeparatorOf(string head)
    {
        string[] lines = [.. head.TrimStart('\ufeff').Split(['\n', '\r']).Where(x => !string.IsNullOrWhiteSpace(x)).Take(MostLines + 1)];
        char? named = lines.Length > 0 ? CsvRecords.NamedSeparator(lines[0]) : null;
        if (named is not null) lines = lines[1..];
        for (int i = 0; i < Math.Min(lines.Length, MostLines); i++)
        {
            char separator = named ?? CsvRecords.LikeliestSeparator(lines[i]);
            IReadOnlyList<string> fields = CsvRecords.Fields(lines[i], separator);
            if (fields is [var whole] && named is null) fields = CsvRecords.Unwrapped(fields, separator = CsvRecords.LikeliestSeparator(whole));
            if (Of(fields, first: i == 0) is not null) return separator;
        }
        return null;
    }

    /// <summary>A name may be followed by a remark in brackets, and barcodes are called by any of their kinds.</summary>
    private static string? MeaningOf(string key, bool shop)
    {
        if (NameOf(key, shop) is { } meaning) return meaning;
        string bare = Remark().Replace(key, "");
        return NameOf(bare, shop) ?? (Barcodes().IsMatch(bare) ? "gtin" : null);
    }

    private static string? NameOf(string key, bool shop) =>
        !shop ? Names.GetValueOrDefault(key) ?? Translated.GetValueOrDefault(key) : ShopNames.GetValueOrDefault(key) ?? (ShopMatters.Contains(key) ? null : Names.GetValueOrDefault(key));

    private static string KeyOf(string field) => string.Join(' ', Separators().Split(field.Trim('\ufeff', ' ', '"', '\r')).Where(x => x.Length > 0)).ToLowerInvariant();

    private static Dictionary<string, string> Aliases(params string[] columns)
    {
        Dictionary<string, string> all = new(StringComparer.Ordinal);
        foreach (string[] parts in columns.Select(x => x.Split(": ")))
        {
            all[parts[0]] = parts[0];
            foreach (string alias in parts[1].Split('|')) all.TryAdd(alias, parts[0]);
        }
        return all;
    }

    [GeneratedRegex(@"\s*(?:\([^()]{0,60}\)|\[[^\[\]]{0,60}\])?\s*[*:]*$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Remark();

    [GeneratedRegex(@"^(?:(?:product|item|article|artikel) )?(?:ean|upc|gtin|jan|bar ?codes?)(?:[ /,&+]*(?:or|and|ean|upc|gtin|jan|bar ?codes?|codes?|kode|numbers?|numre?|nummern?|nos?|nr|[ae]|8|12|13|14))*$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Barcodes();

    [GeneratedRegex(@"[\s_.\-]+", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Separators();
}
