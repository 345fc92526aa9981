using System.Text.RegularExpressions;

namespace Touchstone.Tests.Architecture;

/// <summary>Which folder of the Screening project may use which. Storage and Audit are leaves that every other folder may use. Pure.</summary>
internal static partial class FolderRules
{
    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["Storage"] = [],
        ["Audit"] = ["Storage"],
        ["Calibration"] = ["Storage", "Audit"],
        ["References"] = ["Storage", "Audit"],
        ["Listings"] = ["Storage", "Audit", "Screenings"],
        ["Notifications"] = ["Storage"],
        ["Evidence"] = ["Storage", "Audit"],
        ["Screenings"] = ["Storage", "Audit", "References", "Calibration"],
        ["Cases"] = ["Storage", "Audit", "Evidence"],
        ["Searches"] = ["Storage", "Audit", "Screenings", "Cases", "Listings"],
        ["Field"] = ["Storage", "Audit", "Screenings", "Notifications"],
    };

    public static IEnumerable<string> Folders => Allowed.Keys;

    public static IEnumerable<string> Violations(IEnumerable<Use> uses)
    {
        foreach (Use use in uses)
        {
            if (use.By == use.Of) continue;
            if (!Allowed.TryGetValue(use.By, out string[]? allowed)) yield return $"{use.By} is no folder of the design ({use.Where})";
            else if (!allowed.Contains(use.Of)) yield return use.ToString();
        }
    }

    /// <summary>The folders of Screening that a source text names by their namespaces.</summary>
    public static IEnumerable<Use> UsesOf(string folder, string path, string source) =>
        Namespaces().Matches(source).Select(x => x.Groups[1].Value).Distinct().Where(Allowed.ContainsKey).Select(x => new Use(folder, x, path));

    [GeneratedRegex(@"\bScreening\.([A-Z]\w+)")]
    private static partial Regex Namespaces();
}
