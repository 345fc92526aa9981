using Touchstone.Crawling.Extraction.Facts;

namespace Touchstone.Crawling.Extraction;

/// <summary>Joins image addresses: one per picture, each at the best resolution seen.</summary>
internal static class ImageList
{
    private const int Maximum = 40;

    public static IReadOnlyList<string> Join(IReadOnlyList<FactSet> byTrust, HashSet<string> used)
    {
        List<string> all = [];
        Dictionary<string, int> seen = new(StringComparer.Ordinal);
        foreach (FactSet set in byTrust)
        {
            // A sharing picture is often a logo; it counts only where nothing better is known, or first where it repeats a product picture.
            if (set.Source == "opengraph" && all.Count > 0) continue;
            foreach (string address in set.Images)
            {
                if (ImageSize.IsPlaceholder(address)) continue;
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

    /// <summary>
    /// What two addresses of one picture at different sizes have in common: the address without what only names a size. Everything else tells pictures apart: shops
    /// name every picture of a product by the product and number them in the folder, in the file name or in the query.
    /// </summary>
    public static string Key(string address)
    {
        if (address.StartsWith("data:", StringComparison.OrdinalIgnoreCase)) return address;
        int host = address.IndexOf("//", StringComparison.Ordinal);
        string rest = host < 0 ? address : address[(host + 2)..];
        int hash = rest.IndexOf('#', StringComparison.Ordinal);
        if (hash >= 0) rest = rest[..hash];
        int query = rest.IndexOf('?', StringComparison.Ordinal);
        string path = query < 0 ? rest : rest[..query], parameters = query < 0 ? "" : ImageSize.WithoutSizeQuery(rest[query..]);
        string[] segments = path.Split('/');
        // Copies of one picture lie on numbered hosts: img1, img2.
        if (host >= 0) segments[0] = string.Concat(segments[0].ToLowerInvariant().TakeWhile(static c => c != '.').Where(static c => !char.IsAsciiDigit(c))) + segments[0][Math.Max(0, segments[0].IndexOf('.', StringComparison.Ordinal))..].ToLowerInvariant();
        IEnumerable<string> folders = segments[..^1].Select(ImageSize.FolderWithoutSize).Where(static f => f.Length > 0);
        return string.Join('/', folders.Append(ImageSize.WithoutSize(ImageSize.WithoutFormat(segments[^1])))) + parameters;
    }

    private static int Resolution(string address) => ImageSize.Stated(address);
}
