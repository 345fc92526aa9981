using Touchstone.Recognition.Text;

namespace Touchstone.Recognition.Scoring;

/// <summary>What texts say for and against a match, in sentences. Pure.</summary>
internal static class TextSentences
{
    private const int MostWords = 5;
    private const int MostLines = 3;
    private const double TellingWeight = 0.3;

    internal static IEnumerable<string> For(TextAgreement text)
    {
        if (text.Words.FirstOrDefault(w => w.Source == TextSource.Gtin) is { } gtin) yield return $"The GTIN {gtin.Text} is printed in the picture and is the reference's.";
        if (Listed(text, TextSource.Brand) is { } brand) yield return $"The picture names the reference's brand: {brand}.";
        if (Listed(text, TextSource.Model) is { } model) yield return $"The picture names the reference's model: {model}.";
        if (Listed(text, TextSource.Title) is { } title) yield return $"The picture has words of the reference's name: {title}.";
        if (Listed(text, TextSource.Picture) is { } shared) yield return $"Both pictures read: {shared}.";
        if (text.Warnings.Count > 0) yield return $"Both pictures carry the warning: {string.Join(", ", text.Warnings.Select(WarningWords.NameOf))}.";
    }

    internal static IEnumerable<string> Against(TextAgreement text)
    {
        if (text.Conflict is { } conflict) yield return conflict;
        foreach (DifferingLine line in text.AtPlace.Differing.Take(MostLines)) yield return $"Where the reference reads “{line.ReferenceText}”, the picture reads “{line.Text}”.";
    }

    private static string? Listed(TextAgreement text, TextSource source)
    {
        string[] words = [.. text.Words.Where(w => w.Source == source && w.Weight >= TellingWeight).Select(w => w.Text).Distinct(StringComparer.OrdinalIgnoreCase).Take(MostWords)];
        return words.Length == 0 ? null : string.Join(", ", words.Select(w => $"“{w}”"));
    }
}
