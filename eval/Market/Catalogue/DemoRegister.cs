using System.Text.Json.Nodes;
using System.Xml.Linq;
using Touchstone.Market.Photography;

namespace Touchstone.Market.Catalogue;

/// <summary>Writes the demo's registers as files that the importers read: a weekly report of alerts, and a selection of brand marks.</summary>
internal static class DemoRegister
{
    /// <summary>The recipe of an alert's picture.</summary>
    public static PictureRecipe PictureOf(DemoAlert alert) => new(alert.Design, PictureStyle.Register, alert.Design.Seed);

    /// <summary>The name under which the authority's server gives an alert's picture.</summary>
    public static string PictureName(DemoAlert alert) => $"{alert.Design.Seed}.jpg";

    /// <summary>The weekly report in the form of the Safety Gate's.</summary>
    /// <param name="pictures">The URL under which the pictures are served, ending in a slash.</param>
    public static XDocument WeeklyReport(IEnumerable<DemoAlert> alerts, string pictures) => new(
        new XElement("notificationsList", alerts.Select(alert => new XElement("notifications",
            Data("caseNumber", alert.CaseNumber),
            Data("category", ProductWords.Named(alert.Design.Kind).RegisterCategory),
            Data("product", ProductWords.Named(alert.Design.Kind).Title),
            Data("brand", alert.Design.Brand),
            Data("name", alert.Design.Name),
            Data("type_numberOfModel", alert.Design.Model),
            Data("batchNumber", "Unknown"),
            Data("barcode", alert.Design.Gtin),
            Data("riskType", alert.RiskType),
            Data("level", "Serious risk"),
            Data("danger", $"null {alert.Danger}"),
            Data("measures", alert.Measures),
            Data("description", $"{ProductWords.Named(alert.Design.Kind).Title}, sold in a printed package."),
            Data("notifyingCountry", "Denmark"),
            Data("countryOfOrigin", "Unknown"),
            Data("type", "Consumer product"),
            new XElement("pictures", Data("picture", $"{pictures}{PictureName(alert)}"))))));

    /// <summary>Copies the index of the marks that lie in the program's folder, without those that do not.</summary>
    /// <returns>How many marks it holds.</returns>
    public static int WriteMarks(string marksFolder, string target)
    {
        Directory.CreateDirectory(Path.Combine(target, "data"));
        Directory.CreateDirectory(Path.Combine(target, "icons"));
        var slugs = new HashSet<string>(StringComparer.Ordinal);
        foreach (string icon in Directory.EnumerateFiles(Path.Combine(marksFolder, "icons"), "*.svg"))
        {
            slugs.Add(Path.GetFileNameWithoutExtension(icon));
            File.Copy(icon, Path.Combine(target, "icons", Path.GetFileName(icon)), overwrite: true);
        }
        JsonArray all = JsonNode.Parse(File.ReadAllBytes(Path.Combine(marksFolder, "data", "simple-icons.json")))!.AsArray();
        JsonArray chosen = [.. all.Where(x => slugs.Contains(x!["slug"]!.GetValue<string>())).Select(x => x!.DeepClone())];
        File.WriteAllText(Path.Combine(target, "data", "simple-icons.json"), chosen.ToJsonString());
        return chosen.Count;
    }

    private static XElement Data(string name, string value) => new(name, new XCData(value));
}
