using Touchstone.Market.Photography;
using Touchstone.Market.Products;

namespace Touchstone.Market.Catalogue;

/// <summary>
/// Everything that the demo market holds, made from one seed: the authority's alerts, the marks that are worn without right, the shops'
/// listings, and the truth of which listing shows what. Always the same; safe for concurrent reads.
/// </summary>
internal sealed class DemoCatalogue
{
    private static readonly ProductKind[] Plain = [.. Enum.GetValues<ProductKind>().Except([ProductKind.Shirt, ProductKind.Mug, ProductKind.PhoneCase])];
    private static readonly (string Mark, ProductKind Kind)[] Carriers =
    [
        ("starbucks", ProductKind.Mug), ("playstation", ProductKind.PhoneCase), ("adidas", ProductKind.Shirt),
        ("puma", ProductKind.Shirt), ("redbull", ProductKind.Mug), ("jordan", ProductKind.Shirt),
    ];

    private readonly Random _random = new(20_261);
    private readonly List<DemoListing> _listings = [];
    private readonly List<ProductDesign> _ordinary = [];
    private int _seed = 4_000;

    private DemoCatalogue()
    {
        for (int i = 0; i < 20; i++)
        {
            ProductDesign design = NewDesign(Plain[i % Plain.Length]);
            (string risk, string danger, string measures) = ProductWords.Danger(design.Kind);
            Alerts.Add(new DemoAlert($"DEMO/{i + 101:00000}/26", design, danger, risk, measures));
        }
        PlantAlerts();
        PlantMarks();
        PlantLookAlikes();
        for (int i = 0; i < 72; i++) _ordinary.Add(NewDesign(Enum.GetValues<ProductKind>()[i % 16]));
        Fill(DemoShopKind.ServerRendered, 52);
        Fill(DemoShopKind.Messy, 46);
        Fill(DemoShopKind.ClientRendered, 30);
        AddFaults();
        for (int i = 0; i < 2; i++) Add(DemoShopKind.Messy, Alerts[i].Design, [PictureStyle.Register], disallowed: true);
        Listings = [.. _listings.OrderBy(x => x.Shop).ThenBy(x => x.Number * 37 % 101)];
    }

    public static DemoCatalogue Instance { get; } = new();

    /// <summary>The alerts of the authority's register.</summary>
    public List<DemoAlert> Alerts { get; } = [];

    /// <summary>Every listing of every shop, those in the disallowed folder included.</summary>
    public IReadOnlyList<DemoListing> Listings { get; }

    /// <summary>The listings that robots may see.</summary>
    public IEnumerable<DemoListing> Of(DemoShopKind shop) => Listings.Where(x => x.Shop == shop && !x.IsDisallowed);

    private void PlantAlerts()
    {
        // Sixteen of the twenty alerts are on sale; the first four in a second shop, too, under another picture.
        PictureStyle[] styles =
        [
            PictureStyle.Snapshot, PictureStyle.Cropped, PictureStyle.Overlaid, PictureStyle.Snapshot, PictureStyle.Recoloured,
            PictureStyle.Squeezed, PictureStyle.Snapshot, PictureStyle.Packshot, PictureStyle.Cropped, PictureStyle.Snapshot,
        ];
        for (int i = 0; i < 20; i++)
        {
            DemoAlert alert = Alerts[i % 16];
            PictureStyle style = i < 16 ? styles[i % styles.Length] : styles[(i + 3) % styles.Length];
            Violation violation = style is PictureStyle.Snapshot or PictureStyle.Packshot ? Violation.OtherPhoto : Violation.EditedPicture;
            Add((DemoShopKind)(i % 3), alert.Design, [style], new Planted(alert.CaseNumber, violation), identifiers: i % 7 == 0);
        }
    }

    private void PlantMarks()
    {
        for (int i = 0; i < Carriers.Length; i++)
        {
            ProductDesign design = NewDesign(Carriers[i].Kind) with { Mark = Carriers[i].Mark };
            Add((DemoShopKind)(i % 3), design, [i % 2 == 0 ? PictureStyle.Packshot : PictureStyle.Snapshot], new Planted(Carriers[i].Mark, Violation.Mark));
        }
    }

    private void PlantLookAlikes()
    {
        for (int i = 0; i < 13; i++)
            Add((DemoShopKind)(i % 3), NewDesign(Alerts[i].Design.Kind), [i % 2 == 0 ? PictureStyle.Register : PictureStyle.Snapshot], lookAlike: true);
    }

    private void Fill(DemoShopKind shop, int count)
    {
        for (int i = _listings.Count(x => x.Shop == shop); i < count; i++)
        {
            ProductDesign design = _ordinary[_random.Next(_ordinary.Count)];
            PictureStyle[] styles = i % 6 == 0 ? [PictureStyle.Packshot, PictureStyle.Snapshot] : [i % 3 == 0 ? PictureStyle.Snapshot : PictureStyle.Packshot];
            Add(shop, design, styles, identifiers: true);
        }
    }

    private void AddFaults()
    {
        foreach (PictureFault fault in new[] { PictureFault.NoPicture, PictureFault.NotServed, PictureFault.Damaged })
            Add(DemoShopKind.ServerRendered, _ordinary[_random.Next(_ordinary.Count)], [PictureStyle.Packshot], fault: fault);
    }

    private void Add(
        DemoShopKind shop,
        ProductDesign design,
        PictureStyle[] styles,
        Planted? planted = null,
        bool identifiers = false,
        bool lookAlike = false,
        PictureFault fault = PictureFault.None,
        bool disallowed = false)
    {
        int number = 1_001 + (_listings.Count * 13);
        (string title, string category, _) = ProductWords.Named(design.Kind);
        string called = identifiers ? $"{Proper(design.Brand)} {title} {design.Model}" : title;
        string description = identifiers
            ? $"{title} by {Proper(design.Brand)}, model {design.Model}. In stock and sent within two days."
            : $"{title}. Nice quality at a good price, a gift that everybody likes.";
        decimal price = (_random.Next(4, 180) * 10 + 9) / 10m;
        PictureRecipe[] pictures = [.. styles.Select((style, i) => new PictureRecipe(design, style, (number * 10) + i))];
        _listings.Add(new DemoListing(number, shop, category, called, description, price, design, pictures, identifiers, fault, planted, lookAlike, disallowed));
    }

    private ProductDesign NewDesign(ProductKind kind)
    {
        int seed = _seed++ * 17;
        var random = new Random(seed);
        return new ProductDesign(kind, seed, ProductWords.Brand(random), ProductWords.Print(random, kind), ProductWords.Model(random), ProductWords.Gtin(random));
    }

    private static string Proper(string word) => $"{word[0]}{word[1..].ToLowerInvariant()}";
}
