using System.Globalization;

namespace Touchstone.Crawling.Extraction.Facts;

/// <summary>Reads the sets of one picture's addresses from which browsers choose. Pure; linear in the text's length.</summary>
internal static class SourceSet
{
    // Characters.
    private const int MaximumSet = 20_000;

    /// <summary>The candidate of a srcset with the largest width or density. Source: HTML Standard, section 4.8.4.3.10, "parse a srcset attribute".</summary>
    public static string? Largest(string? set)
    {
        if (string.IsNullOrWhiteSpace(set) || set.Length > MaximumSet) return null;
        string? best = null;
        double bestSize = -1;
        int at = 0;
        while (at < set.Length)
        {
            while (at < set.Length && (char.IsWhiteSpace(set[at]) || set[at] == ',')) at++;
            int start = at;
            while (at < set.Length && !char.IsWhiteSpace(set[at])) at++;
            // Commas inside an address belong to it; at its end they end the candidate.
            string address = set[start..at].TrimEnd(',');
            bool ended = address.Length < at - start;
            // As image-set() of CSS writes it.
            address = address.Trim('"', '\'');
            int descriptors = at;
            int open = 0;
            for (; !ended && at < set.Length && !(set[at] == ',' && open == 0); at++) open += set[at] == '(' ? 1 : set[at] == ')' && open > 0 ? -1 : 0;
            if (address.Length == 0 || address.StartsWith("data:", StringComparison.OrdinalIgnoreCase)) continue;
            double size = SizeOf(ended ? "" : set[descriptors..at]);
            if (size <= bestSize) continue;
            (best, bestSize) = (address, size);
        }
        return best;
    }

    private static double SizeOf(string descriptors)
    {
        foreach (string descriptor in descriptors.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
            if (descriptor[^1] is 'w' or 'x' && double.TryParse(descriptor.AsSpan(0, descriptor.Length - 1), NumberStyles.Float, CultureInfo.InvariantCulture, out double stated)) return stated;
        return 1;
    }
}
