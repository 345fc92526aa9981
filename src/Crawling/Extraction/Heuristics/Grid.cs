namespace Touchstone.Crawling.Extraction.Heuristics;

/// <summary>Finds repeated cells: an element whose siblings look alike and each hold a picture and a link to a page belongs to a list of products; the slides of a gallery lead nowhere, or to pictures.</summary>
internal static class Grid
{
    // A list shows within these that its cells are alike.
    private const int MostSiblings = 200;

    public static bool IsCell(PageNode node)
    {
        int levels = 0;
        for (PageNode? at = node; at?.Parent is not null && levels < 7; at = at.Parent, levels++)
        {
            if (at.Tag is not ("li" or "div" or "article" or "td" or "a" or "section")) continue;
            if (at.Marks.Length == 0 && at.Tag is not ("li" or "td" or "article")) continue;
            int alike = 0;
            string name = FirstName(at);
            foreach (AngleSharp.Dom.IElement sibling in at.Element.ParentElement!.Children.Take(MostSiblings))
            {
                if (sibling == at.Element || sibling.LocalName != at.Tag || FirstName(sibling) != name) continue;
                if (HasLinkAndPicture(sibling) && ++alike >= 2) break;
            }
            if (alike >= 2 && HasLinkAndPicture(at.Element)) return true;
        }
        return false;
    }

    private static bool HasLinkAndPicture(AngleSharp.Dom.IElement element) =>
        element.QuerySelector("img") is not null && PageLinks.HoldsPageLink(element);

    private static string FirstName(PageNode node) => FirstName(node.Element);

    private static string FirstName(AngleSharp.Dom.IElement element) => element.ClassList.Length > 0 ? element.ClassList[0] ?? string.Empty : string.Empty;
}
