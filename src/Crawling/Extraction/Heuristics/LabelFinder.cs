using System.Text.RegularExpressions;
using Touchstone.Crawling.Extraction.Facts;
using Touchstone.Crawling.Extraction.Identifiers;
using Touchstone.Crawling.Text;

namespace Touchstone.Crawling.Extraction.Heuristics;

/// <summary>Reads what stands beside a label, in tables, definition lists and running text: article number, maker's number, trade number, brand, in the languages of the shops crawled.</summary>
internal static partial class LabelFinder
{
    [GeneratedRegex(@"^(?:sku|asin|(?:ebay )?item (?:number|no\.?)|код|(?:(?:product|item|article|art|artikel|catalogue|catalog|order|stock|style|shop|part|ref|référence|reference|model|web|bestell|produkt|produktnr|produkt-?|vare|tuote|tuotenumero)[\s.\-]*)(?:(?:code|number|num|no|nr|id|sku|nummer|numero|№|#|reference|koodi|kode)\b\.?)|item\s*#|product\s*#|(?:store )?style\s*#|model\s*#|art\.?\s*-?\s*(?:nr|no|n°)\.?|artikel-?(?:nummer|nr\.?)|bestell-?(?:nummer|nr\.?)|produkt(?:nummer|nr\.?|-nr\.?|kod|kode|code|id)|varenummer|varenr\.?|artikelnr\.?|artnr\.?|art nr\.?|tuotekoodi|tuotenumero|référence|réf\.?|ref\.?|referencia|referência|referenza|riferimento|codice(?: articolo| prodotto)?|cod(?:ice|\.)? ?(?:art\.?|articolo|prodotto|produs)?|código(?: de producto| do produto)?|cód\.?|kod(?: produktu| towaru)?|symbol|indeks|numer katalogowy|kód(?: produktu| zboží)?|objednací (?:číslo|kód)|katalogové číslo|cikkszám|termékkód|cod produs|артикул|код товара|код товару|код продукта|код на продукт|арт\.?|ürün kodu|stok kodu|κωδικός(?: προϊόντος)?|品番|商品コード|商品番号|型番|货号|貨號|商品编号|商品編號|產品編號|产品编号|商品代碼|商品番號|品號|商品料號|상품코드|\p{L}{0,6}상품 ?번호|모델명|מק""?ט|رمز المنتج|mã sản phẩm|šifra|tootekood|prekės kodas|preces kods)$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, PatternTime.Most)]
    private static partial Regex SkuLabel();

    [GeneratedRegex(@"^(?:mpn|mfr\.?(?: part)?(?: no| number| #)?\.?|mfg\.?(?: part)?(?: no| number| #)?\.?|manufacturer(?:'s)?(?: part)?(?: no| number| code| sku| #)\.?|part (?:number|no|#)\.?|model(?: number| no| #| nr| name)?\.?|modell(?:nummer)?|modèle|modelo|modello|(?:item|product) model (?:number|no\.?)|num[ée]ro (?:de |du )?mod[eè]le(?: de l[’']article)?|n[uú]m[eé]ro (?:di |de )?modell?o(?: (?:articolo|del producto|do produto))?|referencia del fabricante|codice (?:articolo )?produttore|fabrikantnummer|tillverkar(?:nummer|ens artikelnummer)|hersteller-?(?:nummer|nr\.?|artikelnummer)|herstellernummer|référence fabricant|kod producenta|kód výrobce|модель|商品型番)$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, PatternTime.Most)]
    private static partial Regex MpnLabel();

    [GeneratedRegex(@"^(?:gtin(?:-?\d+)?|global trade item number|ean(?:-?\d+)?(?: ?code| ?kod| nummer|-code)?|upc(?:-?[a-z])?(?: code)?|isbn(?:-?\d+)?|barcode|bar code|strichcode|kod ean|ean kód|code-barres|code barre|código de barras|codice a barre|čárový kód|čiarový kód|kod kreskowy|vonalkód|cod de bare|barkod(?: no| numarası)?|bar kod|črtna koda|stregkode|strekkode|streckkod|streepjescode|viivakoodi|mã vạch|штрихкод|штрих-код|γραμμ(?:ωτός|ικός) κώδικας|barcode ?number|バーコード|jan(?:コード)?|条码|条形码|條碼|國際條碼|바코드|الباركود|باركود|بارکد|ברקוד|บาร์โค้ด|รหัสบาร์โค้ด|gencod)$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, PatternTime.Most)]
    private static partial Regex GtinLabel();

    [GeneratedRegex(@"^(?:brand(?: name)?|by brand|manufacturer|manufactured by|maker|vendor|marke|hersteller|marque|fabricant|marca|fabricante|fornecedor|produttore|merk|fabrikant|märke|varumärke|tillverkare|merke|produsent|mærke|brand|producent|merkki|valmistaja|tuotemerkki|marka|producent|značka|výrobce|výrobca|márka|gyártó|brand:|producător|марка|бренд|производитель|виробник|производител|üretici|μάρκα|κατασκευαστής|ブランド|メーカー|品牌|브랜드|제조사|מותג|الماركة|العلامة التجارية|thương hiệu|merek|robna marka|proizvođač|blagovna znamka|kaubamärk|tootja|gamintojas|prekės ženklas|zīmols|ražotājs|publisher label)$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, PatternTime.Most)]
    private static partial Regex BrandLabel();

    [GeneratedRegex(@"^(?:sold by|ships from and sold by|seller|verkauf durch|verkäufer|vendu par|vendeur|venduto da|venditore|vendido por|vendedor|verkoper|verkocht door|säljare|sprzedawca|sprzedawany przez|prodejce|eladó|vândut de|продавец|satıcı|販売元|出品者)$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, PatternTime.Most)]
    private static partial Regex SellerLabel();

    [GeneratedRegex(@"^[\p{L}\p{N}][\p{L}\p{N}\-_./+#&]{0,39}( [\p{L}\p{N}\-_./+#&]{1,20}){0,2}$", RegexOptions.CultureInvariant, PatternTime.Most)]
    private static partial Regex Code();

    // What stands behind a code may be a price.
    [GeneratedRegex(@"^\d{1,6}[.,]\d{2}$", RegexOptions.CultureInvariant, PatternTime.Most)]
    private static partial Regex Amount();

    // Characters of the lines that are read behind the title and before it, and words of a value that no mark divides from its label.
    private const int LineReach = 6000, LinesBefore = 200, MostUnmarked = 3;

    private static readonly char[] Dividers = ['/', '(', ')', '|'];

    public static void Read(PageView view, FactSet facts)
    {
        foreach ((string label, string value) in Pairs(view).Concat(Lines(view)))
        {
            string key = label.TrimEnd(' ', ':', '：', '.', '#', '-', '–', '*').TrimStart('(', ' ', '-', '•', '〈', '【', '《', '[', '（');
            if (key.Length is 0 or > 40) continue;
            if (facts.Gtin is null && Is(GtinLabel(), key)) facts.Gtin = Gtin.Parse(FirstWords(value))?.ToTradeNumber();
            // What is called the maker's number once is not the shop's when it is said again.
            else if (Is(MpnLabel(), key)) facts.Mpn ??= CodeOf(value);
            else if (facts.Sku is null && (Is(SkuLabel(), key) || SkuLabel().IsMatch(label.Trim().TrimEnd(':', ' ')))) (facts.Sku, facts.SkuIsLabelled) = (CodeOf(value), true);
            else if (facts.Seller is null && SellerLabel().IsMatch(key) && !SellerLabel().IsMatch(value.Trim(' ', ':', '：')) && FactSet.CleanText(value, 80) is { Length: > 1 and < 60 } seller) facts.Seller = seller;
            else if (facts.Brand is null && BrandLabel().IsMatch(key) && FactSet.CleanText(value, 60) is { Length: > 1 and < 50 } brand && !BrandReader.IsFiller(brand) && brand.Count(static c => c == ' ') < 6) facts.Brand = brand;
        }
    }

    /// <summary>Whether a text is such a label, or several of them: <c>GTIN (EAN)</c>, <c>SKU / item no.</c></summary>
    private static bool Is(Regex label, string key) =>
        label.IsMatch(key) || (key.Split(Dividers, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) is { Length: > 1 } names && names.All(label.IsMatch));

    private static string? CodeOf(string value)
    {
        string[] words = FirstWords(value).Trim().TrimStart(':', '#', ' ').Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length == 0) return null;
        // A code in several words has a digit in each but the first: "SW 100 23"; what follows without one is other text.
        int count = 1;
        while (count < Math.Min(words.Length, 3) && words[count].Any(char.IsDigit) && words[count].Length < 12 && words[count].All(static c => char.IsLetterOrDigit(c) || c is '-' or '/' or '.') && !Amount().IsMatch(words[count])) count++;
        string code = string.Join(' ', words[..count]).TrimEnd(',', ')', '.', ';', '|', '〉', '】', '》', ']', '）');
        if (code.Length is < 2 or > 40 || !Code().IsMatch(code)) return null;
        return code.Any(char.IsDigit) || (words.Length == 1 && code.Length <= 14 && code.All(static c => char.IsAsciiLetterUpper(c) || c is '-' or '_')) ? code : null;
    }

    private static string FirstWords(string value)
    {
        int cut = value.IndexOfAny(['\n', '|', ',', '(', ';']);
        return (cut > 0 ? value[..cut] : value).Trim();
    }

    /// <summary>Labels and their values: cells of a row, dt and dd, the first and second child of a small element, and <c>Label: value</c> in one text.</summary>
    private static IEnumerable<(string Label, string Value)> Pairs(PageView view)
    {
        foreach (PageNode node in view.Nodes)
        {
            if (node.Is(Place.Hidden | Place.Chrome | Place.Related | Place.Reviews) && !(node.Is(Place.Hidden) && node.Tag is "tr" or "dt"))
            {
                // A card beside those in sight may hold the trade number, which has a check digit to tell it by.
                if (!node.Is(Place.Chrome | Place.Related | Place.Reviews) && node.Element.ChildElementCount is 2 or 3 && Beside(view, node) is { } hidden && GtinLabel().IsMatch(hidden.Item1.TrimEnd(':', ' '))) yield return hidden;
                continue;
            }
            if (node.Tag is "tr" or "dt" || node.Element.ChildElementCount is 2 or 3)
            {
                if (Beside(view, node) is { } pair) yield return pair;
            }
            if (view.ShortTextOf(node, 160) is not { Length: > 4 and < 100 } text) continue;
            int colon = text.IndexOfAny([':', '：', '#']);
            if (colon is > 1 and < 40 && colon + 1 < text.Length) yield return (text[..(text[colon] == '#' ? colon + 1 : colon)], FirstLine(view.Text.AsSpan(node.TextStart, node.TextEnd - node.TextStart)));
            else if (node.Last == node.Index && node.Tag is not ("th" or "dt") && text.Length < 50 && text.IndexOf(' ', StringComparison.Ordinal) is > 1 and var space)
            {
                // "Model number A1" is the label of two words; "Seller who is known for good service" is none.
                if (text.IndexOf(' ', space + 1) is > 0 and var second && text.AsSpan(second).Count(' ') <= MostUnmarked) yield return (text[..second], text[(second + 1)..]);
                if (text.AsSpan(space).Count(' ') <= MostUnmarked) yield return (text[..space], text[(space + 1)..]);
            }
        }
    }

    /// <summary>The line behind the first mark: what stands below it, such as the next item of a list, is no part of a value.</summary>
    private static string FirstLine(ReadOnlySpan<char> text)
    {
        ReadOnlySpan<char> rest = text[(text.IndexOfAny(':', '：', '#') + 1)..].TrimStart();
        return VisibleText.Collapse((rest.IndexOf('\n') is >= 0 and var end ? rest[..end] : rest).ToString());
    }

    /// <summary>The lines near the title that read <c>Label: value</c> or <c>Label # value</c> without elements of their own.</summary>
    private static IEnumerable<(string Label, string Value)> Lines(PageView view)
    {
        if (view.Title is not { } title && view.Text.Length > LineReach) yield break;
        int start = Math.Max(0, (view.Title?.TextStart ?? 0) - LinesBefore);
        string near = view.Text.Substring(start, Math.Min(LineReach, view.Text.Length - start));
        foreach (string raw in near.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            string line = VisibleText.Collapse(raw);
            int mark = line.IndexOfAny([':', '：', '#']);
            if (line.Length is > 4 and < 90 && mark is > 1 and < 40 && mark + 1 < line.Length) yield return (line[..(line[mark] == '#' ? mark + 1 : mark)], line[(mark + 1)..].Trim());
        }
    }

    private static (string, string)? Beside(PageView view, PageNode node)
    {
        if (node.Tag == "dt")
        {
            PageNode? dd = node.Last + 1 < view.Nodes.Count ? view.Nodes[node.Last + 1] : null;
            return dd is { Tag: "dd" } ? Texts(view, node, dd) : null;
        }
        if (node.Index + 1 >= view.Nodes.Count) return null;
        PageNode first = view.Nodes[node.Index + 1];
        if (first.Parent != node || first.Last + 1 >= view.Nodes.Count) return null;
        PageNode second = view.Nodes[first.Last + 1];
        // A drawing may stand between both.
        if (second.Parent == node && second.TextEnd == second.TextStart && second.Last + 1 < view.Nodes.Count) second = view.Nodes[second.Last + 1];
        return second.Parent == node ? Texts(view, first, second) : null;
    }

    private static (string, string)? Texts(PageView view, PageNode label, PageNode value) =>
        view.ShortTextOf(label, 80) is { Length: > 1 } l && view.ShortTextOf(value, 300) is { Length: > 0 } v ? (l, v) : null;
}
