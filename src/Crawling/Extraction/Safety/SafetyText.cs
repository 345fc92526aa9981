using Touchstone.Crawling.Extraction.Heuristics;
using Touchstone.Crawling.Text;

namespace Touchstone.Crawling.Extraction.Safety;

/// <summary>
/// The lines of a page that speak of its product: without navigation, footer, other products and reviews, where a shop states who it is itself. What is folded away is read:
/// it is in the page, and a click shows it.
/// </summary>
internal static class SafetyText
{
    private const int MostCharacters = 400_000, LongestLine = 2_000;

    public static IReadOnlyList<string> Lines(PageView view)
    {
        bool[] left = new bool[Math.Min(view.Text.Length, MostCharacters)];
        foreach (PageNode node in view.Nodes)
            if (node.Is(Place.Chrome | Place.Related | Place.Reviews) && !(node.Parent?.Is(Place.Chrome | Place.Related | Place.Reviews) ?? false))
                for (int i = node.TextStart; i < Math.Min(node.TextEnd, left.Length); i++) left[i] = true;
        List<string> lines = [];
        var line = new System.Text.StringBuilder();
        for (int i = 0; i <= left.Length; i++)
        {
            if (i < left.Length && view.Text[i] != '\n')
            {
                if (!left[i] && line.Length < LongestLine) line.Append(view.Text[i]);
                continue;
            }
            if (VisibleText.Collapse(line.ToString()) is { Length: > 1 } text) lines.Add(text);
            line.Clear();
        }
        return lines;
    }
}
