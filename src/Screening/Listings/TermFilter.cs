using System.Globalization;
using System.Text;
using Touchstone.Crawling.Extraction;

namespace Touchstone.Screening.Listings;

/// <summary>
/// Whether a listing speaks of what was searched for: <c>face mask, mondmasker</c> means the words "face" and "mask", or the word
/// "mondmasker", anywhere in its title, brand, description or breadcrumbs, without regard to case and accents. Immutable; thread-safe.
/// </summary>
public sealed class TermFilter
{
    private readonly string[][] alternatives;

    /// <param name="terms">Alternatives separated by commas; null or blank lets everything pass.</param>
    public TermFilter(string? terms) =>
        alternatives = [.. (terms ?? "").Split(',').Select(a => Fold(a).Split(' ', StringSplitOptions.RemoveEmptyEntries)).Where(a => a.Length > 0)];

    public bool Passes(ListingFacts facts)
    {
        if (alternatives.Length == 0) return true;
        string text = Fold(string.Join(' ', [facts.Name, facts.Brand, facts.Description, .. facts.Breadcrumbs]));
        return alternatives.Any(words => words.All(w => text.Contains(w, StringComparison.Ordinal)));
    }

    private static string Fold(string text)
    {
        var folded = new StringBuilder(text.Length);
        foreach (char c in text.Normalize(NormalizationForm.FormD))
        {
            if (CharUnicodeInfo.GetUnicodeCategory(c) == UnicodeCategory.NonSpacingMark) continue;
            folded.Append(char.IsLetterOrDigit(c) ? char.ToLowerInvariant(c) : ' ');
        }
        return folded.ToString();
    }
}
