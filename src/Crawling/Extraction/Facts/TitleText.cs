namespace Touchstone.Crawling.Extraction.Facts;

/// <summary>Takes the shop's name off a declared title: <c>Red cup | Cup House</c> names the product <c>Red cup</c>.</summary>
internal static class TitleText
{
    private static readonly string[] Separators = [" | ", " – ", " — ", " - ", " :: ", " » ", " • ", " · "];

    public static string? WithoutShop(string? title, string? siteName, Uri? address)
    {
        if (title is null) return null;
        foreach (string separator in Separators)
        {
            string[] parts = title.Split(separator, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            if (parts.Length < 2) continue;
            int first = 0;
            int last = parts.Length;
            while (last - first > 1 && IsShop(parts[last - 1], siteName, address)) last--;
            while (last - first > 1 && IsShop(parts[first], siteName, address)) first++;
            if (last - first < parts.Length) return string.Join(separator, parts[first..last]);
        }
        return title;
    }

    private static bool IsShop(string part, string? siteName, Uri? address)
    {
        if (siteName is not null && TitleWords.Likeness(part, siteName) > 0.85) return true;
        if (address is null) return false;
        string host = Letters(address.Host.StartsWith("www.", StringComparison.OrdinalIgnoreCase) ? address.Host[4..] : address.Host);
        string name = Letters(part);
        return name.Length > 3 && (host.StartsWith(name, StringComparison.Ordinal) || (name.Length > 6 && host.Contains(name, StringComparison.Ordinal)) || name.StartsWith(host, StringComparison.Ordinal));
    }

    private static string Letters(string text) => new([.. text.Where(char.IsLetterOrDigit).Select(char.ToLowerInvariant)]);
}
