using Touchstone.Crawling.Text;

namespace Touchstone.Crawling.Extraction.Safety;

/// <summary>Reads who answers for a product in the Union (Regulation (EU) 2023/988, Article 16), or brings it there. Pure; time grows linearly with the lines.</summary>
public static class ResponsiblePerson
{
    /// <summary>The name of the one that the most is stated of; null where none is named.</summary>
    /// <param name="lines">Lines of a page's text, a label and what follows it each in lines of their own or in one.</param>
    public static string? NameIn(IReadOnlyList<string> lines)
    {
        ArgumentNullException.ThrowIfNull(lines);
        // A line below a word that ends nothing is any line.
        return Find([.. lines.Select(VisibleText.Collapse)]) is { Name: { } name } party && (!party.IsLoose || party.IsMarked) ? name : null;
    }

    internal static SafetyParty? Find(IReadOnlyList<string> lines) => SafetyParty.Find(lines, static l => SafetyWords.Responsible().Match(l), static l => SafetyWords.Maker().IsMatch(l));
}
