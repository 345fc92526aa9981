using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Touchstone.Market.RealShops;

/// <summary>Reads the catalogues of two open-source shops as they are published: one as JSON with photos, one as the SQL of its sample data.</summary>
internal static partial class RealCatalogues
{
    /// <summary>The eShop catalogue: <c>Setup/catalog.json</c> and <c>Pics/ID.webp</c>.</summary>
    public static List<RealProduct> EShop(string folder)
    {
        using JsonDocument catalogue = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "Setup", "catalog.json")));
        List<RealProduct> products = [];
        foreach (JsonElement item in catalogue.RootElement.EnumerateArray())
        {
            int id = item.GetProperty("Id").GetInt32();
            string picture = Path.Combine(folder, "Pics", $"{id}.webp");
            if (!File.Exists(picture)) continue;
            products.Add(new RealProduct(
                $"e{id}", item.GetProperty("Name").GetString()!, item.GetProperty("Brand").GetString(), item.GetProperty("Description").GetString(), item.GetProperty("Price").GetDecimal(), "USD", [picture]));
        }
        return products;
    }

    /// <summary>The SimplCommerce catalogues: each folder with an SQL script and <c>Images</c>.</summary>
    public static List<RealProduct> SimplCommerce(string folder)
    {
        List<RealProduct> products = [];
        foreach (string part in Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal))
        {
            string? script = Directory.EnumerateFiles(part, "*.sql").FirstOrDefault();
            if (script is not null) products.AddRange(FromScript(Path.GetFileName(part), File.ReadAllText(script), Path.Combine(part, "Images")));
        }
        return products;
    }

    private static IEnumerable<RealProduct> FromScript(string part, string sql, string images)
    {
        Dictionary<string, string> media = [];
        foreach (Dictionary<string, string?> row in SqlInserts.Rows(sql, "Core_Media")) media[row["Id"]!] = Path.Combine(images, row["FileName"]!);
        ILookup<string, string> further = SqlInserts.Rows(sql, "Catalog_ProductMedia").ToLookup(x => x["ProductId"]!, x => x["MediaId"]!);
        foreach (Dictionary<string, string?> row in SqlInserts.Rows(sql, "Catalog_Product"))
        {
            string[] pictures = [.. further[row["Id"]!].Prepend(row["ThumbnailImageId"] ?? "").Where(media.ContainsKey).Select(x => media[x]).Where(File.Exists).Distinct(StringComparer.Ordinal)];
            if (pictures.Length == 0) continue;
            decimal price = decimal.Parse(row["Price"]!, CultureInfo.InvariantCulture);
            string description = Markup().Replace(row["ShortDescription"] ?? "", " ").Trim();
            yield return new RealProduct($"{part.ToLowerInvariant()}-{row["Id"]}", row["Name"]!, null, description, price, price > 10_000 ? "VND" : "USD", pictures);
        }
    }

    [GeneratedRegex("<[^>]*>", RegexOptions.None, 1_000)]
    private static partial Regex Markup();
}
