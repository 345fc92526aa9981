using Touchstone.Crawling.Extraction.Facts;

namespace Touchstone.Crawling.Extraction.Heuristics;

/// <summary>Reads from the visible page what its markup does not say.</summary>
internal static class VisiblePage
{
    /// <summary>The name of what is read so.</summary>
    public const string Source = "heuristics";

    /// <summary>Points below which a price on the page is not taken for the price asked.</summary>
    private const double LeastPriceScore = 4;

    /// <summary>Points from which a price alone speaks for a product page.</summary>
    private const double NamedPriceScore = 7;

    public static FactSet Read(PageView view, PageContext page, IReadOnlyList<SeenPrice> prices)
    {
        FactSet facts = new(Source);
        facts.Name = view.Title is { } title ? FactSet.CleanText(view.NameIn(title), 400) : TitleText.WithoutShop(PageTitle.Declared(view.Document), SiteName(view), page.Address);
        SeenPrice? price = prices.FirstOrDefault(static p => p.Score >= LeastPriceScore);
        facts.Price = price?.Amount;
        facts.PriceIsNamed = price is { Score: >= NamedPriceScore };
        facts.Currency = price?.Currency ?? (price is null ? null : page.LocalCurrency);
        facts.Availability = AvailabilityFinder.Find(view, price);
        LabelFinder.Read(view, facts);
        AttributeFinder.Read(view, facts);
        facts.AddressNumber = AddressNumber.Find(view, page);
        facts.Images.AddRange(ImageFinder.Find(view, page, facts.Name));
        facts.Images.AddRange(VariantPictures.Find(view, page));
        if (facts.Images.Count == 0) facts.Images.AddRange(VariantPictures.InScripts(view.Document, page));
        facts.Breadcrumbs.AddRange(CrumbFinder.Find(view, page, facts.Name));
        facts.Variants.AddRange(VariationForm.Read(view, page));
        if (facts.Variants.Count == 0) facts.Variants.AddRange(OptionLists.Read(view, page));
        facts.CanBeBought = BuyButtons.Find(view).Any();
        return facts;
    }

    private static string? SiteName(PageView view) => view.Document.QuerySelector("meta[property='og:site_name']")?.GetAttribute("content");
}
