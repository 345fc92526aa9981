namespace Touchstone.Crawling.Extraction;

/// <summary>Joins image addresses: one per picture, each at the best resolution seen.</summary>
internal static class ImageList
{
    private const int Maximum = 40;

    public static IReadOnlyList<string> Join(IReadOnlyList<FactSet> byTrust, HashSet<string> used)
    {
        List<string> all = [];
        Dictionary<string, int> seen = new(StringComparer.OrdinalIgnoreCase);
        foreach (FactSet set in byTrust)
        {
            // A sharing picture is often a logo; it counts only where nothing better is known, or first where it repeats a product picture.
            if (set.Source == "opengraph" && all.Count > 0) continue;
            foreach (string address in set.Images)
            {
                string key = Key(address);
                if (seen.TryGetValue(key, out int at))
                {
                    if (Resolution(address) > Resolution(all[at])) all[at] = address;
                    continue;
                }
                if (all.Count >= Maximum) break;
                seen[key] = all.Count;
                all.Add(address);
                used.Add(set.Source);
            }
        }
        return all;
    }

    /// <summary>What two addresses of one picture at different sizes have in common: the file name without size marks.</summary>
    public static string Key(string address)
    {
        string path = address;
        int query = path.IndexOfAny(['?', '#']);
        if (query >= 0) path = path[..query];
        string file = path[(path.LastIndexOf('/') + 1)..];
        bool plain = file.Contains('.', StringComparison.Ordinal) && file.Length > 6;
        string stem = ImageSize.WithoutSize(plain ? file : address);
        return stem.Length > 3 ? stem : address;
    }

    private static int Resolution(string address) => ImageSize.Stated(address);
}
