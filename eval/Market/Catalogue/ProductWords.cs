using Touchstone.Market.Products;

namespace Touchstone.Market.Catalogue;

/// <summary>Invented brands, models and numbers, and what sellers say of a kind of product.</summary>
internal static class ProductWords
{
    private static readonly string[] Starts = ["ZOL", "MIK", "BRA", "TUV", "KEL", "NOR", "PLI", "GAR", "VEX", "OMB", "SUR", "DAL", "HIX", "FEN", "YUP", "LOR", "CAZ", "WIM", "RIB", "JUN"];
    private static readonly string[] Middles = ["A", "O", "I", "U", "EA", "IO", "AR", "EL", "UN"];
    private static readonly string[] Ends = ["RO", "KO", "VA", "TEX", "LI", "ZEN", "DO", "MUS", "NIX", "LOW", "PA", "GRA"];
    private static readonly string[] Prints = ["HAPPY", "SUPER", "ULTRA", "SOFT", "MAGIC", "TURBO", "PURE", "SMART", "LUCKY", "ROYAL", "FRESH", "POCKET", "SUNNY", "MEGA"];

    public static string Brand(Random random) => Starts[random.Next(Starts.Length)] + Middles[random.Next(Middles.Length)] + Ends[random.Next(Ends.Length)];

    public static string Print(Random random, ProductKind kind) => $"{Prints[random.Next(Prints.Length)]} {Short(kind)}";

    public static string Model(Random random) => $"{(char)('A' + random.Next(26))}{(char)('A' + random.Next(26))}-{random.Next(100, 9_999)}";

    /// <summary>A GTIN-13 of the range 200–299, which is kept for numbers inside a company, with its check digit.</summary>
    public static string Gtin(Random random)
    {
        string digits = $"2{random.NextInt64(10_000_000_000, 99_999_999_999)}";
        int sum = 0;
        for (int i = 0; i < digits.Length; i++) sum += (digits[i] - '0') * (i % 2 == 0 ? 1 : 3);
        return $"{digits}{(10 - (sum % 10)) % 10}";
    }

    /// <summary>The word on the package.</summary>
    private static string Short(ProductKind kind) => kind switch
    {
        ProductKind.PlushBear => "TEDDY",
        ProductKind.Robot => "BOT",
        ProductKind.CreamTube => "CREAM",
        ProductKind.CreamJar => "BALM",
        ProductKind.SprayBottle => "SPRAY",
        ProductKind.Charger => "CHARGE",
        ProductKind.PowerBank => "POWER",
        ProductKind.Helmet => "RIDER",
        ProductKind.MaskPack => "MASK",
        ProductKind.Lamp => "GLOW",
        ProductKind.ToyBox => "BLOCKS",
        ProductKind.HairDryer => "AIR",
        ProductKind.Shirt => "WEAR",
        ProductKind.Mug => "MUG",
        ProductKind.PhoneCase => "CASE",
        ProductKind.RaceCar => "RACER",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Not a kind of product."),
    };

    /// <summary>What a seller calls the kind, its shop category, and the register's category.</summary>
    public static (string Title, string Category, string RegisterCategory) Named(ProductKind kind) => kind switch
    {
        ProductKind.PlushBear => ("Plush teddy bear 30 cm", "Toys", "Toys"),
        ProductKind.Robot => ("Walking toy robot", "Toys", "Toys"),
        ProductKind.CreamTube => ("Skin cream, tube", "Care", "Cosmetics"),
        ProductKind.CreamJar => ("Body balm, jar", "Care", "Cosmetics"),
        ProductKind.SprayBottle => ("Cleaning spray 500 ml", "Home", "Chemical products"),
        ProductKind.Charger => ("Wall charger with cable", "Electronics", "Electrical appliances and equipment"),
        ProductKind.PowerBank => ("Power bank 10000 mAh", "Electronics", "Electrical appliances and equipment"),
        ProductKind.Helmet => ("Bicycle helmet", "Sport", "Protective equipment"),
        ProductKind.MaskPack => ("Face masks, pack", "Care", "Protective equipment"),
        ProductKind.Lamp => ("Table lamp with shade", "Home", "Lighting equipment"),
        ProductKind.ToyBox => ("Building set in box", "Toys", "Toys"),
        ProductKind.HairDryer => ("Hair dryer", "Electronics", "Electrical appliances and equipment"),
        ProductKind.Shirt => ("Printed T-shirt", "Clothing", "Clothing, textiles and fashion items"),
        ProductKind.Mug => ("Mug with print", "Home", "Kitchen/cooking accessories"),
        ProductKind.PhoneCase => ("Phone case", "Electronics", "Gadgets"),
        ProductKind.RaceCar => ("Toy race car", "Toys", "Toys"),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Not a kind of product."),
    };

    /// <summary>What an authority finds dangerous in the kind: risk type, danger, measures.</summary>
    public static (string Risk, string Danger, string Measures) Danger(ProductKind kind) => kind switch
    {
        ProductKind.PlushBear or ProductKind.Robot or ProductKind.ToyBox or ProductKind.RaceCar =>
            ("Choking", "The toy has small parts that come loose easily. A small child may put them in the mouth and choke.", "Withdrawal of the product from the market"),
        ProductKind.CreamTube or ProductKind.CreamJar => ("Chemical", "The product contains hydroquinone, which is banned in cosmetic products and irritates the skin.", "Ban on the marketing of the product"),
        ProductKind.SprayBottle => ("Chemical", "The concentration of methanol is too high. It damages the eyes when inhaled.", "Recall of the product from end users"),
        ProductKind.Helmet => ("Injuries", "The helmet does not absorb an impact as it must. The head of the rider is not protected.", "Recall of the product from end users"),
        ProductKind.MaskPack => ("Health risk / other", "The filter keeps back too few particles and does not protect the wearer.", "Withdrawal of the product from the market"),
        _ => ("Electric shock, Fire", "The insulation is not sufficient and live parts can be touched. The appliance may overheat.", "Removal of this product listing by the online marketplace"),
    };
}
