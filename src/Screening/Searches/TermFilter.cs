using System.Globalization;
using System.Text;
using Touchstone.Crawling.Extraction;

namespace Touchstone.Screening.Searches;

/// <summary>
/// Whether a listing speaks of what was searched for: <c>face mask, mondmasker</c> means the words "face" and "mask", or the word
/// "mondmasker", anywhere in its title, brand, description or breadcrumbs, without regard to case and accents. Immutable; thread-safe.
/// </summary>
public sealed class TermFilter
{
    // The program runs without ICU, so the runtime decomposes nothing: the accented Latin letters of Europe's languages and their plain forms.
    private static readonly Dictionary<char, string> Plain = Table(
        "a àáâãäåāăą", "c çćĉċč", "d ďđð", "e èéêëēĕėęě", "g ĝğġģ", "h ĥħ", "i ìíîïĩīĭįı", "j ĵ", "k ķ", "l ĺļľŀł", "n ñńņňŉ", "o òóôõöøōŏőơ",
        "r ŕŗř", "s śŝşšș", "t ţťŧț", "u ùúûüũūŭůűųư", "w ŵ", "y ýÿŷ", "z źżž", "ss ß", "ae æ", "oe œ", "th þ");

    private readonly string[][] alternatives;

    /// <param name="terms">Alternatives separated by commas; null or blank lets everything pass.</param>
    public TermFilter(string? terms) =>
        alternatives = [.. Phrases(terms).Select(a => Fold(a).Split(' ', StringSplitOptions.RemoveEmptyEntries)).Where(a => a.Length > 0)];

    /// <summary>The alternatives as they were written.</summary>
    public static IReadOnlyList<string> Phrases(string? terms) => (terms ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    public bool Passes(ListingFacts facts)
    {
        if (alternatives.Length == 0) return true;
        string text = Fold(string.Join(' ', [facts.Name, facts.Brand, facts.Description, .. facts.Breadcrumbs]));
        return alternatives.Any(words => words.All(w => text.Contains(w, StringComparison.Ordinal)));
    }

    private static Dictionary<char, string> Table(params string[] rows) =>
        rows.Select(r => r.Split(' ')).SelectMany(r => r[1].Select(accented => (accented, plain: r[0]))).ToDictionary(p => p.accented, p => p.plain);

    private static string Fold(string text)
    {
        var folded = new StringBuilder(text.Length);
        foreach (char c in text)
        {
            if (CharUnicodeInfo.GetUnicodeCategory(c) == UnicodeCategory.NonSpacingMark) continue;
            if (!char.IsLetterOrDigit(c)) folded.Append(' ');
            else if (Plain.TryGetValue(char.ToLowerInvariant(c), out string? plain)) folded.Append(plain);
            else folded.Append(char.ToLowerInvariant(c));
        }
        return folded.ToString();
    }
}
