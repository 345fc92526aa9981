using System.Text;

namespace Touchstone.Crawling.Discovery;

/// <summary>
/// What a search is for, in words: links that name it are followed first, and the shop's own search is asked for it. It costs order only: what no word names is
/// read all the same. Immutable; thread-safe.
/// </summary>
public sealed class WantedWords
{
    // Shorter words name nothing by themselves.
    private const int LeastLetters = 3;

    private readonly string[][] _alternatives;

    /// <param name="alternatives">Phrases of which any is wanted; none: nothing is preferred.</param>
    public WantedWords(IEnumerable<string> alternatives)
    {
        string[] phrases = [.. alternatives.Select(Fold).Where(p => p.Length > 0).Distinct(StringComparer.Ordinal)];
        Phrases = [.. phrases.Take(MostPhrases)];
        _alternatives = [.. phrases.Select(p => p.Split(' ').Where(w => w.Length >= LeastLetters).ToArray()).Where(words => words.Length > 0)];
    }

    /// <summary>Most phrases that a shop's own search is asked for.</summary>
    public const int MostPhrases = 5;

    /// <summary>The first phrases, in lower case, as a shop's search takes them.</summary>
    public IReadOnlyList<string> Phrases { get; }

    public static WantedWords None { get; } = new([]);

    /// <summary>How much of the likeliest phrase a text has, 0..1.</summary>
    public double In(string text)
    {
        if (_alternatives.Length == 0) return 0;
        string folded = Fold(text);
        return _alternatives.Max(words => (double)words.Count(w => folded.Contains(w, StringComparison.Ordinal)) / words.Length);
    }

    private static string Fold(string text)
    {
        StringBuilder folded = new(text.Length);
        foreach (char c in text.Contains('%', StringComparison.Ordinal) ? Uri.UnescapeDataString(text) : text)
            if (char.IsLetterOrDigit(c)) folded.Append(char.ToLowerInvariant(c));
            else if (folded.Length > 0 && folded[^1] != ' ') folded.Append(' ');
        return folded.ToString().TrimEnd();
    }
}
