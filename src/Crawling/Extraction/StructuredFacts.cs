using AngleSharp.Dom;
using Touchstone.Crawling.Extraction.Facts;
using Touchstone.Crawling.Extraction.Heuristics;
using Touchstone.Crawling.Extraction.Structured;

namespace Touchstone.Crawling.Extraction;

/// <summary>What the markup of a page says of its product, per syntax, and what else it describes.</summary>
internal sealed record StructuredFacts(IReadOnlyList<FactSet> Sets, FactSet? Embedded, FactSet Meta, bool MetaSaysProduct, int OtherProducts, bool SaysList, bool SaysArticle)
{
    /// <summary>Whether JSON-LD, microdata or RDFa describe one product.</summary>
    public bool HasProduct => Sets.Count > 0;

    public IEnumerable<FactSet> All => Embedded is null ? [.. Sets, Meta] : [.. Sets, Meta, Embedded];

    /// <summary>The sets in the order of trust, the visible page before the sharing tags but after the markup.</summary>
    public IReadOnlyList<FactSet> ByTrust(FactSet seen)
    {
        List<FactSet> sets = [.. Sets];
        if (MetaSaysProduct) sets.Add(Meta);
        sets.Add(seen);
        if (Embedded is not null) sets.Add(Embedded);
        if (!MetaSaysProduct) sets.Add(Meta);
        return sets;
    }

    public static StructuredFacts Read(IDocument document, PageContext page, PageView view)
    {
        string? title = view.Title is { } heading ? view.TextOf(heading) : PageTitle.Declared(document);
        List<FactSet> sets = [];
        int others = 0;
        bool list = false;
        bool article = false;
        Uri? address = page.BaseAddress;
        foreach ((string source, IReadOnlyList<StructuredItem> items) in ((string, IReadOnlyList<StructuredItem>)[])[("json-ld", JsonLdReader.Read(document, address, page.Language)), ("microdata", MicrodataReader.Read(document, address)), ("rdfa", RdfaReader.Read(document, address))])
        {
            MainProduct.Choice choice = MainProduct.Choose(items, page, title);
            others = Math.Max(others, choice.Others);
            list |= items.Any(static i => i.IsA("CollectionPage") || i.IsA("SearchResultsPage"));
            article |= items.Any(static i => i.IsA("Article") || i.IsA("NewsArticle") || i.IsA("BlogPosting") || i.IsA("Recipe"));
            FactSet? facts = choice.Item is { } item ? ProductReader.Read(item, source, page) : null;
            if (facts is { Price: null } && items.Where(static i => !i.Nested && i.IsA("Offer")).ToArray() is [var lone]) ProductReader.Take(OfferFacts.Read(lone, page.LocalCurrency), facts);
            List<string> crumbs = CrumbItems.Read(items, facts?.Name ?? title);
            if (facts is null && crumbs.Count == 0) continue;
            facts ??= new(source);
            facts.Breadcrumbs.AddRange(crumbs);
            sets.Add(facts);
        }
        if (MicrodataReader.ReadLoose(document, address) is { } loose && !sets.Any(static s => s.Price is not null) && loose.Text("price", "sku") is not null && loose.All("price").Count() == 1)
        {
            FactSet facts = ProductReader.Read(loose, "microdata", page);
            facts.Breadcrumbs.Clear();
            sets.Add(facts);
        }
        MetaTags tags = MetaTags.Read(document);
        article |= tags.First("og:type") is "article" or "blog";
        FactSet meta = MetaReader.Read(tags, page);
        // During a sale markup may still state what the sharing tags call the price before.
        foreach (FactSet set in sets)
            if (set.Price is not null && set.Price == meta.FormerPrice && meta.Price < set.Price) set.Price = meta.Price;
        return new(sets, EmbeddedState.Read(document, title, page), meta, MetaReader.SaysProduct(tags), others, list, article);
    }

    /// <summary>With what scripts report as the product's value for its price, where nothing else in the markup states one.</summary>
    public StructuredFacts WithReported(PriceHints hints)
    {
        if (hints.Reported.Count != 1 || All.Any(static s => s.Price is > 0)) return this;
        FactSet reported = Embedded ?? new("embedded-state");
        reported.Price = hints.Reported.First();
        reported.Currency = hints.ReportedCurrency ?? reported.Currency;
        return this with { Embedded = reported };
    }

    /// <summary>Whether some syntax names a product, not only the way to it.</summary>
    public bool NamesProduct => Sets.Any(static s => s.Name is not null || s.Price is not null || s.Sku is not null);
}
