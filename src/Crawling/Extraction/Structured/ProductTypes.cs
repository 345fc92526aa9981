using System.Collections.Frozen;

namespace Touchstone.Crawling.Extraction.Structured;

/// <summary>The types of schema.org, GoodRelations and data-vocabulary.org that describe something sold.</summary>
public static class ProductTypes
{
    /// <summary>Types that are products in themselves.</summary>
    public static IReadOnlySet<string> Products { get; } = Set(
        "Product", "ProductGroup", "IndividualProduct", "ProductModel", "SomeProducts", "ProductCollection", "Vehicle", "Car", "Motorcycle", "MotorizedBicycle", "BusOrCoach", "Drug",
        "DietarySupplement", "ProductOrService", "Offering", "Hproduct");

    /// <summary>Types that are products where they carry an offer or an identifier.</summary>
    public static IReadOnlySet<string> SoldWorks { get; } = Set(
        "Book", "Movie", "MusicAlbum", "MusicRecording", "VideoGame", "Game", "Course", "Painting", "VisualArtwork", "SoftwareApplication", "MobileApplication", "WebApplication", "Audiobook", "CreativeWork", "Periodical",
        "Apartment", "Residence", "House", "Service", "MenuItem");

    public static IReadOnlySet<string> Offers { get; } = Set("Offer", "AggregateOffer", "OfferForPurchase", "OfferForLease", "Offering", "Offer-aggregate", "UnitPriceSpecification");

    /// <summary>Types whose products are others than the page's own.</summary>
    public static IReadOnlySet<string> Lists { get; } = Set("ItemList", "OfferCatalog", "SearchResultsPage", "CollectionPage");

    private static FrozenSet<string> Set(params string[] names) => names.ToFrozenSet(StringComparer.OrdinalIgnoreCase);
}
