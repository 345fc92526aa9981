using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using AngleSharp.Text;

namespace Touchstone.Crawling.Text;

/// <summary>
/// Parses a page as browsers do, up to the point where it nests deeper or holds more elements than any page means: the time of a parser, and of whoever looks
/// through what it gives, would grow with their square. Pure; thread-safe.
/// </summary>
internal static class PageParser
{
    /// <summary>Characters of a page that are parsed; the rest is cut off.</summary>
    public const int MaximumCharacters = 8_000_000;

    // Chromium nests no deeper (kMaximumHTMLParserDOMTreeDepth).
    private const int MaximumDepth = 512;

    private const int MaximumElements = 100_000;

    // One counts; the parser joins each with all before it.
    private const int MaximumBases = 16;

    public static IHtmlDocument Parse(string html)
    {
        int length = Math.Min(html.Length, MaximumCharacters);
        while (true)
        {
            int cut = length;
            Elements elements = new();
            HtmlParser parser = new(new HtmlParserOptions { OnCreated = elements.Take });
            try
            {
                return parser.ParseDocument(length == html.Length ? html : html[..length]);
            }
            catch (TooMuchMarkupException e)
            {
                // Up to the element that was too much; once more, because a part of a document is none.
                length = Math.Clamp(e.Position - 1, 0, cut - 1);
            }
        }
    }

    // What stands in a table and does not belong there is put before it, one after the other, and the parser looks for the table anew each time.
    private const int MaximumFostered = 5_000;

    private sealed class Elements
    {
        private IElement? _last;
        private int _fostered;
        private int _count;
        private int _bases;

        public void Take(IElement element, TextPosition position)
        {
            if (element.LocalName == "base") _bases++;
            if (IsFostered(_last)) _fostered++;
            if (++_count > MaximumElements || _fostered > MaximumFostered || _bases > MaximumBases || IsTooDeep(_last)) throw new TooMuchMarkupException(position.Position);
            _last = element;
        }

        private static bool IsFostered(IElement? element) => element?.ParentElement?.LastChild is IHtmlTableElement table && table != element;

        // The one before has its place by now; this one may become its child.
        private static bool IsTooDeep(INode? node)
        {
            int depth = 0;
            for (INode? at = node; at is not null; at = at.Parent)
                if (++depth > MaximumDepth) return true;
            return false;
        }
    }

    private sealed class TooMuchMarkupException(int position) : Exception
    {
        public int Position { get; } = position;
    }
}
