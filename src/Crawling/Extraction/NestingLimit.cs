using System.Collections.Frozen;

namespace Touchstone.Crawling.Extraction;

/// <summary>Cuts a page where its elements nest deeper than any page means: an HTML parser's time grows with the square of the depth. Linear in the text.</summary>
internal static class NestingLimit
{
    private const int MaximumDepth = 3000;

    // Elements without an end tag, or whose end tag may be left out.
    private static readonly FrozenSet<string> Unclosed = FrozenSet.ToFrozenSet(
        ["br", "img", "meta", "link", "input", "hr", "area", "base", "col", "embed", "source", "track", "wbr", "param", "p", "li", "td", "th", "tr", "tbody", "thead", "tfoot", "option", "optgroup", "dt", "dd", "html", "head", "body", "path", "use", "circle", "rect", "g", "colgroup", "image"],
        StringComparer.OrdinalIgnoreCase);

    public static string Cut(string html)
    {
        FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> unclosed = Unclosed.GetAlternateLookup<ReadOnlySpan<char>>();
        int depth = 0;
        int at = 0;
        while ((at = html.IndexOf('<', at)) >= 0 && at + 1 < html.Length)
        {
            bool end = html[at + 1] == '/';
            int name = end ? at + 2 : at + 1;
            int stop = name;
            while (stop < html.Length && char.IsAsciiLetterOrDigit(html[stop])) stop++;
            if (stop > name && !unclosed.Contains(html.AsSpan(name, stop - name)))
            {
                depth = Math.Max(0, depth + (end ? -1 : 1));
                if (depth > MaximumDepth) return html[..at];
            }
            at = stop;
        }
        return html;
    }
}
