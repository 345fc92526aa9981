namespace Touchstone.Crawling.Extraction.Facts;

/// <summary>Compares titles by their words.</summary>
internal static class TitleWords
{
    public static HashSet<string> Of(string text)
    {
        HashSet<string> words = new(StringComparer.OrdinalIgnoreCase);
        int start = -1;
        for (int i = 0; i <= text.Length; i++)
        {
            bool inside = i < text.Length && char.IsLetterOrDigit(text[i]);
            if (inside && start < 0) start = i;
            else if (!inside && start >= 0)
            {
                words.Add(text[start..i]);
                start = -1;
            }
        }
        return words;
    }

    /// <summary>From 0 (no word in common) to 1: the share of the shorter title's words that the longer one has, a little less where the lengths differ much.</summary>
    public static double Likeness(string one, string other)
    {
        HashSet<string> a = Of(one);
        HashSet<string> b = Of(other);
        if (a.Count == 0 || b.Count == 0) return 0;
        int common = a.Count(b.Contains);
        int smaller = Math.Min(a.Count, b.Count);
        int larger = Math.Max(a.Count, b.Count);
        return (0.75 * common / smaller) + (0.25 * common / larger);
    }
}
