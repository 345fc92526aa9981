using System.Text.RegularExpressions;
using Touchstone.Crawling.Extraction.Facts;
using Touchstone.Crawling.Extraction.Identifiers;
using Touchstone.Crawling.Text;

namespace Touchstone.Crawling.Extraction.Structured;

/// <summary>Reads the facts of a product from its item, whichever syntax it was written in.</summary>
internal static partial class ProductReader
{
    private static readonly string[] GtinProperties = ["gtin13", "gtin14", "gtin12", "gtin8", "gtin", "isbn", "ean", "upc", "hasEAN_UCC-13", "hasGTIN-14", "barcode"];

    public static FactSet Read(StructuredItem product, string source, PageContext page)
    {
        FactSet facts = new(source)
        {
            Name = FactSet.CleanText(product.Text("name", "title", "fn"), 400),
            Description = FactSet.CleanText(product.Text("description"), 5000),
            Brand = Names.Of(product, "brand", "manufacturer", "hasBrand"),
            Sku = Unlabelled(FactSet.CleanText(product.Text("sku", "productID", "productId", "hasStockKeepingUnit"), 80)),
            Mpn = Unlabelled(FactSet.CleanText(product.Text("mpn", "hasMPN"), 80)) ?? (FactSet.CleanText(product.Text("model"), 80) is { } model && model.Any(char.IsDigit) ? model : null),
            Gtin = TradeNumber(product),
        };
        ReadIdentifier(product, facts);
        ReadImages(product, facts, page);
        ReadOffers(product, facts, page);
        ReadVariants(product, facts, page);
        if (page.Depth == 0) facts.Variants.AddRange(VariantReader.Read(product, page));
        facts.Maker = MakerReader.Read(product);
        return facts;
    }

    // What a template writes before the number for people.
    [GeneratedRegex(@"^(?:mpn|art(?:ikel|icle|ículo|icolo)?[.\s-]*(?:nr|nummer|number|no|code)?\.?|(?:item|product|part|model|style)\s*(?:no|number|code|#)\.?|(?:bestell|produkt|teile|modell)-?(?:nr\.?|nummer)|ref(?:erence|erenz|erencia|érence)?\.?|r[ée]f\.?|cod(?:e|ice|igo)?\.?|código|kod|модель|артикул|арт\.?|tuotenumero|varenummer|varenr\.?|katalogové číslo|nr kat\.?|品番|型番|商品コード)\s*[:：#]\s*(?=\S)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, PatternTime.Most)]
    private static partial Regex NumberLabel();

    private static string? Unlabelled(string? number) => number is null ? null : NumberLabel().Replace(number, "");

    /// <summary>The first trade item number with a right check digit among the properties that may hold one.</summary>
    public static string? TradeNumber(StructuredItem item)
    {
        foreach (string name in GtinProperties)
            foreach (StructuredValue value in item.All(name))
                foreach (string text in Numbers(value.Text))
                    if (Gtin.Parse(Padded(name, text))?.ToTradeNumber() is { } number) return number;
        foreach (StructuredValue value in item.All("productID"))
            if (value.Text is { } text && text.Contains(':', StringComparison.Ordinal) && Gtin.Parse(text)?.ToTradeNumber() is { } number) return number;
        foreach (StructuredValue value in item.All("identifier").Concat(item.All("additionalProperty")))
            if (value.Item is { } pair && pair.Text("propertyID", "name") is { } kind && IsTradeNumberName(kind) && Gtin.Parse(pair.Text("value"))?.ToTradeNumber() is { } number) return number;
        // A GS1 Digital Link is an address of the product, and so its id in linked data.
        return item.Id is { Length: > 0 } id && GtinCarrier.Find(id) is { } carried ? Gtin.Parse(carried)?.ToTradeNumber() : null;
    }

    // The text as a whole, then the parts of a list.
    private static IEnumerable<string> Numbers(string? text) =>
        text is null ? [] : text.AsSpan().IndexOfAny(",;|\n") < 0 ? [text] : text.Split([',', ';', '|', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Prepend(text);

    public static bool IsTradeNumberName(string name)
    {
        string key = name.Trim().ToLowerInvariant();
        return key.StartsWith("gtin", StringComparison.Ordinal) || key.StartsWith("ean", StringComparison.Ordinal) || key.StartsWith("upc", StringComparison.Ordinal)
            || key.StartsWith("isbn", StringComparison.Ordinal) || key is "barcode" or "jan";
    }

    // A number cell loses leading zeros; the property's name says how long it was.
    private static string? Padded(string property, string? text)
    {
        if (text is null || Gtin.Parse(text) is not null) return text;
        string trimmed = text.Trim();
        int length = property switch { "gtin14" => 14, "gtin13" or "ean" => 13, "gtin12" or "upc" => 12, "gtin" => 13, _ => 0 };
        return trimmed.Length >= 9 && trimmed.Length < length && trimmed.All(char.IsAsciiDigit) ? trimmed.PadLeft(length, '0') : text;
    }

    private static void ReadIdentifier(StructuredItem product, FactSet facts)
    {
        foreach (StructuredValue value in product.All("identifier"))
        {
            string? text = value.Text ?? value.Item?.Text("value");
            string? kind = value.Item?.Text("propertyID", "name")?.ToLowerInvariant();
            if (text is null) continue;
            if (text.StartsWith("sku:", StringComparison.OrdinalIgnoreCase)) facts.Sku ??= FactSet.CleanText(text[4..], 80);
            else if (text.StartsWith("mpn:", StringComparison.OrdinalIgnoreCase) || kind == "mpn") facts.Mpn ??= FactSet.CleanText(text.Replace("mpn:", string.Empty, StringComparison.OrdinalIgnoreCase), 80);
            else if (kind == "sku") facts.Sku ??= FactSet.CleanText(text, 80);
            else if (Gtin.Parse(text)?.ToTradeNumber() is { } number) facts.Gtin ??= number;
            else if (kind is null && !text.Contains(':', StringComparison.Ordinal)) facts.Sku ??= FactSet.CleanText(text, 80);
        }
        if (facts.Sku is { } sku && sku.StartsWith("sku:", StringComparison.OrdinalIgnoreCase)) facts.Sku = sku[4..].Trim();
        else if (facts.Sku is { } labelled && labelled.Contains(':', StringComparison.Ordinal) && IsTradeNumberName(labelled)) facts.Sku = null;
    }

    private static void ReadImages(StructuredItem product, FactSet facts, PageContext page)
    {
        foreach (string name in (string[])["image", "images", "photo", "thumbnailUrl", "depiction", "logoImage"])
        {
            if (name == "thumbnailUrl" && facts.Images.Count > 0) break;
            foreach (StructuredValue value in product.All(name))
            {
                foreach (string reference in PictureReferences.Of(value))
                    if (!IsName(reference, page) && page.ResolvePicture(reference.Replace("&amp;", "&", StringComparison.Ordinal)) is { } absolute) facts.Images.Add(absolute);
            }
        }
    }

    // The id of an item that nothing describes: a place in this page or in a folder, where no picture lies.
    private static bool IsName(string reference, PageContext page) => reference.IndexOf('#', StringComparison.Ordinal) is >= 0 and var at && (at == 0 || reference[at - 1] == '/' || page.IsThisPage(reference));

    private static void ReadOffers(StructuredItem product, FactSet facts, PageContext page)
    {
        List<OfferFacts> offers = [];
        foreach (StructuredItem offer in OfferItems(product)) offers.Add(OfferFacts.Read(offer, page.LocalCurrency));
        // A product item may carry price and availability itself.
        OfferFacts own = OfferFacts.Read(product, page.LocalCurrency);
        if (offers.Count == 0 && (own.Price is not null || own.Availability is not null)) offers.Add(own);
        if (Best(offers, page) is not { } best) return;
        facts.Price = best.Price;
        facts.Currency = best.Currency ?? offers.Select(static o => o.Currency).FirstOrDefault(static c => c is not null);
        // What the product itself says besides its offer is what the page shows; a template says of each offer that it is there.
        facts.Availability = own.Availability is { } shown && shown != Facts.Availability.InStock ? shown : best.Availability ?? Together(offers);
        facts.Seller = best.Seller;
        facts.Sku ??= offers.Count == 1 || best.Sku is not null ? best.Sku : null;
        facts.Mpn ??= best.Mpn;
        facts.Gtin ??= best.Gtin;
    }

    /// <summary>What an offer says that stands beside the product and not in it, as templates close their elements too early.</summary>
    public static void Take(OfferFacts offer, FactSet facts)
    {
        if (offer.Price is not > 0) return;
        (facts.Price, facts.Currency) = (offer.Price, offer.Currency);
        facts.Availability ??= offer.Availability;
        facts.Seller ??= offer.Seller;
    }

    /// <summary>The offers of a product, those inside an aggregate after it.</summary>
    public static IEnumerable<StructuredItem> OfferItems(StructuredItem product)
    {
        foreach (StructuredValue value in product.All("offers").Concat(product.All("offer")).Concat(product.All("offerDetails")).Concat(product.All("makesOffer")))
        {
            if (value.Item is not { } offer) continue;
            yield return offer;
            foreach (StructuredValue inner in offer.All("offers"))
                if (inner.Item is { } nested) yield return nested;
        }
    }

    private static OfferFacts? Best(List<OfferFacts> offers, PageContext page)
    {
        if (offers.Count == 0) return null;
        if (Named([.. offers.Where(static o => o.Price is > 0)], static o => o.Url, page) is { } exact) return exact;
        if (offers.Count > 1 && Numbered([.. offers.Where(static o => o.Price is > 0)], static o => [o.Sku, o.Mpn], page) is { } numbered) return numbered;
        List<OfferFacts> priced = offers.Where(static o => o.Price is > 0).ToList();
        if (priced.Count == 0) return offers[0];
        if (priced.FirstOrDefault(static o => o.IsAggregate) is { } aggregate)
            return aggregate with { Availability = aggregate.Availability ?? Together(offers), Seller = aggregate.Seller ?? (offers.Count == 2 ? offers[1].Seller : null) };
        // Of equal standing the one in the page's currency, what can be bought, then the first: the order is the shop's.
        OfferFacts first = priced.OrderBy(static o => o.Standing).ThenBy(o => page.LocalCurrency is not null && o.Currency != page.LocalCurrency)
            .ThenBy(static o => o.Availability is Facts.Availability.OutOfStock or Facts.Availability.SoldOut or Facts.Availability.Discontinued).First();
        return first with { Availability = priced.Count > 1 ? Together(priced) : first.Availability };
    }

    /// <summary>The one whose address names what the page shows more exactly than the others' do; null where none stands out.</summary>
    private static T? Named<T>(List<T> all, Func<T, string?> address, PageContext page)
        where T : class
    {
        int[] likeness = [.. all.Select(one => page.VariantLikeness(address(one)))];
        int best = likeness.DefaultIfEmpty(0).Max();
        return best > 0 && likeness.Count(l => l == best) is var named && (named < all.Count || named == 1) ? all[Array.IndexOf(likeness, best)] : null;
    }

    /// <summary>The only one of which a number is the value of a parameter of the page's address; null where none or several are.</summary>
    private static T? Numbered<T>(List<T> all, Func<T, IEnumerable<string?>> numbers, PageContext page)
        where T : class
    {
        const int least = 3;
        List<T> found = all.FindAll(one => numbers(one).Any(n => n is { Length: >= least } && page.HasParameter(n)));
        return found is [var only] && all.Count > 1 ? only : null;
    }

    private static Availability? Together(List<OfferFacts> offers)
    {
        Availability? first = null;
        foreach (OfferFacts offer in offers)
        {
            if (offer.Availability is Facts.Availability.InStock) return offer.Availability;
            first ??= offer.Availability;
        }
        return first;
    }

    // A group of variants states few facts itself; the variant that the address names, else the first, has the rest.
    private static void ReadVariants(StructuredItem product, FactSet facts, PageContext page)
    {
        List<StructuredItem> variants = product.All("hasVariant").Concat(product.All("isVariantOf")).Concat(product.All("model")).Select(static v => v.Item).OfType<StructuredItem>().ToList();
        if (variants.Count == 0 || page.Depth > 2) return;
        PageContext inner = page with { Depth = page.Depth + 1 };
        StructuredItem? named = Named(variants, static v => v.Text("url") ?? OfferItems(v).Select(static o => o.Text("url")).FirstOrDefault(static u => u is not null) ?? v.Id, page)
            ?? Numbered(variants, static v => [v.Text("sku"), v.Text("productID"), v.Text("mpn"), .. OfferItems(v).Take(1).Select(static o => o.Text("sku"))], page);
        FactSet variant = Read(named ?? variants[0], facts.Source, inner);
        facts.Name ??= variant.Name;
        facts.Brand ??= variant.Brand;
        facts.Description ??= variant.Description;
        if (facts.Price is null || (named is not null && variant.Price is > 0))
        {
            facts.Price = variant.Price;
            facts.Currency = variant.Currency ?? facts.Currency;
        }
        if (named is not null)
        {
            // What the page shows is this one: its numbers and pictures come before the group's.
            (facts.Sku, facts.Gtin, facts.Mpn) = (variant.Sku ?? facts.Sku, variant.Gtin ?? facts.Gtin, variant.Mpn ?? facts.Mpn);
            facts.Images.InsertRange(0, variant.Images);
        }
        facts.Availability ??= variants.Count > 1 ? AnyInStock(variants, inner) ?? variant.Availability : variant.Availability;
        facts.Sku ??= variant.Sku ?? FactSet.CleanText(product.Text("productGroupID"), 80);
        facts.Gtin ??= variant.Gtin;
        facts.Mpn ??= variant.Mpn;
        if (facts.Images.Count == 0) facts.Images.AddRange(variant.Images);
    }

    private static Availability? AnyInStock(List<StructuredItem> variants, PageContext page) =>
        variants.SelectMany(OfferItems).Take(50).Any(o => OfferFacts.Read(o, page.LocalCurrency).Availability is Facts.Availability.InStock) ? Facts.Availability.InStock : null;
}
