namespace Touchstone.Crawling.Extraction.Heuristics;

/// <summary>Reads from the visible page what its markup does not say.</summary>
internal static class VisiblePage
{
    public static FactSet Read(PageView view, PageContext page, StructuredFacts structured)
    {
        FactSet facts = new("heuristics");
        string? declared = PageTitle.Declared(view.Document);
        facts.Name = view.Title is { } title ? FactSet.CleanText(view.TextOf(title), 400) : declared;
        return facts;
    }
}
