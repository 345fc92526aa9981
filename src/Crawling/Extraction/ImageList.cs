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

    /// <summary>What two addresses of one picture at different sizes have in common: the file name without size marks, with its folder where the name is short.</summary>
    public static string Key(string address)
    {
        int query = address.IndexOfAny(['?', '#']);
        string path = query < 0 ? address : address[..query];
        string file = path[(path.LastIndexOf('/') + 1)..];
        int point = file.LastIndexOf('.');
        // A script that serves pictures tells them apart by its query.
        bool picture = point > 0 && file.Length - point <= 5 && !file.EndsWith(".php", StringComparison.OrdinalIgnoreCase) && !file.EndsWith(".aspx", StringComparison.OrdinalIgnoreCase) && !file.EndsWith(".ashx", StringComparison.OrdinalIgnoreCase);
        int host = path.IndexOf("//", StringComparison.Ordinal);
        if (!picture) return ImageSize.WithoutSizeQuery(host < 0 ? address : address[host..]);
        string stem = ImageSize.WithoutSize(file[..point] + ".");
        return stem.Length >= 10 ? stem : ImageSize.WithoutSize(host < 0 ? path : path[host..]);
    }

    private static int Resolution(string address) => ImageSize.Stated(address);
}
