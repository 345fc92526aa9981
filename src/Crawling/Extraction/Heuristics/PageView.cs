using System.Text;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Touchstone.Crawling.Text;

namespace Touchstone.Crawling.Extraction.Heuristics;

/// <summary>
/// A page laid out for the heuristics: elements in document order, each with the range of its descendants and of its text, and with the region it stands in.
/// Built in one pass without recursion; immutable afterwards.
/// </summary>
internal sealed class PageView
{
    private const int MaximumNodes = 60_000;
    private const int MaximumMarks = 300;

    // Places of a word that are looked at.
    private const int MostPlaces = 50;
    private readonly StringBuilder _text = new();
    private readonly List<PageNode> _nodes = [];

    private PageView(IDocument document, Uri? address)
    {
        Document = document;
        Links = new PageLinks(document, address);
        if (document.Body is { } body) Walk(body);
        Text = _text.ToString();
        Title = PageTitle.Find(this);
        Regions.Mark(this);
    }

    public IDocument Document { get; }

    public IReadOnlyList<PageNode> Nodes => _nodes;

    /// <summary>The text of the body with blocks divided by line breaks.</summary>
    public string Text { get; private set; }

    /// <summary>The heading that names the product; null where the page has no heading that fits.</summary>
    public PageNode? Title { get; }

    /// <summary>Which of the page's links lead away from it.</summary>
    public PageLinks Links { get; }

    /// <param name="address">Where the page was read; null if unknown.</param>
    public static PageView Of(IDocument document, Uri? address) => new(document, address);

    public string TextOf(PageNode node) => VisibleText.Collapse(Text[node.TextStart..node.TextEnd]);

    /// <summary>The text if it is not longer than <paramref name="maximum"/> characters before collapsing, else null.</summary>
    public string? ShortTextOf(PageNode node, int maximum) => node.TextEnd - node.TextStart > maximum ? null : TextOf(node);

    /// <summary>As <see cref="ShortTextOf"/>, without what stands hidden in an element that is not.</summary>
    public string? ShownTextOf(PageNode node, int maximum)
    {
        if (node.TextEnd - node.TextStart > maximum) return null;
        return TextWithout(node, node.Is(Place.Hidden) ? [] : Outermost(node, static inner => inner.Is(Place.Hidden)));
    }

    /// <summary>The text of a heading without what only programs that read aloud say, unless nothing is left.</summary>
    public string NameIn(PageNode heading) =>
        TextWithout(heading, Outermost(heading, static inner => inner.Is(Place.Hidden) || inner.Marks.Contains("visually-hidden", StringComparison.Ordinal) || inner.Marks.Contains("visuallyhidden", StringComparison.Ordinal) || inner.Marks.Contains("sr-only", StringComparison.Ordinal) || inner.Marks.Contains("screen-reader", StringComparison.Ordinal))) is { Length: > 0 } shown ? shown : TextOf(heading);

    /// <summary>The text of an element without that of some in it.</summary>
    /// <param name="parts">Elements in it, in page order, none in another.</param>
    public string TextWithout(PageNode node, IReadOnlyList<PageNode> parts)
    {
        if (parts.Count == 0) return TextOf(node);
        var left = new StringBuilder();
        int from = node.TextStart;
        foreach (PageNode part in parts)
        {
            left.Append(Text, from, part.TextStart - from).Append(' ');
            from = part.TextEnd;
        }
        return VisibleText.Collapse(left.Append(Text, from, node.TextEnd - from).ToString());
    }

    private List<PageNode> Outermost(PageNode node, Func<PageNode, bool> which)
    {
        List<PageNode> found = [];
        for (int i = node.Index + 1; i <= node.Last; i++)
        {
            if (!which(_nodes[i])) continue;
            found.Add(_nodes[i]);
            i = _nodes[i].Last;
        }
        return found;
    }

    /// <summary>Whether a text stands on the page as a word of its own, where people see it.</summary>
    public bool Shows(string word)
    {
        int looked = 0;
        for (int at = Text.IndexOf(word, StringComparison.OrdinalIgnoreCase); at >= 0 && looked++ < MostPlaces; at = Text.IndexOf(word, at + 1, StringComparison.OrdinalIgnoreCase))
        {
            int end = at + word.Length;
            if ((at == 0 || !char.IsLetterOrDigit(Text[at - 1])) && (end == Text.Length || !char.IsLetterOrDigit(Text[end])) && !_nodes.Exists(n => n.TextStart <= at && n.TextEnd >= end && n.Is(Place.Hidden))) return true;
        }
        return false;
    }

    public IEnumerable<PageNode> Descendants(PageNode node)
    {
        for (int i = node.Index + 1; i <= node.Last; i++) yield return _nodes[i];
    }

    // The place among the children is kept here: a node finds its next sibling by counting from the first.
    private void Walk(IElement body)
    {
        Stack<(PageNode Node, int Next)> open = new();
        open.Push((Open(body, null), 0));
        while (open.TryPop(out (PageNode Node, int Next) at))
        {
            INodeList children = at.Node.Element is IHtmlTemplateElement template ? template.Content.ChildNodes : at.Node.Element.ChildNodes;
            // A browser shows the tree that markup gives to an element before what stands in the element.
            INodeList? shadow = at.Node.Element.ShadowRoot?.ChildNodes;
            int before = shadow?.Length ?? 0;
            if (at.Next == before + children.Length)
            {
                Close(at.Node);
                continue;
            }
            open.Push((at.Node, at.Next + 1));
            INode child = at.Next < before ? shadow![at.Next] : children[at.Next - before];
            if (child is IText text && !at.Node.IsSilent) Append(text.Data);
            else if (child is IElement element && (!VisibleText.IsSilent(element.LocalName) || HoldsPicture(element)) && _nodes.Count < MaximumNodes) open.Push((Open(element, at.Node), 0));
        }
    }

    private PageNode Open(IElement element, PageNode? parent)
    {
        string marks = Marks(element);
        bool silent = parent?.IsSilent == true || VisibleText.IsSilent(element.LocalName);
        if (!silent && VisibleText.IsBlock(element.LocalName)) _text.Append('\n');
        else if (!silent && IsCents(element, marks)) _text.Append('.');
        PageNode node = new(element, _nodes.Count, parent, marks) { TextStart = _text.Length, IsSilent = silent };
        _nodes.Add(node);
        return node;
    }

    private void Close(PageNode node)
    {
        node.Last = _nodes.Count - 1;
        node.TextEnd = _text.Length;
        if (!node.IsSilent && VisibleText.IsBlock(node.Tag)) _text.Append('\n');
    }

    /// <summary>What shows nothing itself and holds a picture for browsers without scripts, or as a drawing: looked at for its pictures alone.</summary>
    private static bool HoldsPicture(IElement element) => element.LocalName switch
    {
        "noscript" or "object" => element.QuerySelector("img,source,image") is not null || element.HasAttribute("data"),
        "svg" => element.QuerySelector("image") is not null,
        "template" => element is IHtmlTemplateElement template && template.Content.QuerySelector("img,source") is not null,
        _ => false,
    };

    // Text in one element never runs into the next across long layout white space.
    private void Append(string data)
    {
        foreach (char c in data)
            if (char.IsWhiteSpace(c))
            {
                if (_text.Length > 0 && !char.IsWhiteSpace(_text[^1])) _text.Append(' ');
            }
            else _text.Append(c);
    }

    // Shops raise the cents instead of writing a point: 12<sup>99</sup>.
    private bool IsCents(IElement element, string marks)
    {
        int at = _text.Length - 1;
        while (at >= 0 && _text[at] == ' ') at--;
        if (at < 0 || !char.IsAsciiDigit(_text[at]) || element.ChildElementCount > 1) return false;
        bool named = element.LocalName is "sup" or "small" || marks.Contains("cent", StringComparison.Ordinal) || marks.Contains("decimal", StringComparison.Ordinal)
            || marks.Contains("fraction", StringComparison.Ordinal) || marks.Contains("penny", StringComparison.Ordinal) || marks.Contains("pence", StringComparison.Ordinal);
        string content = element.TextContent.Trim();
        // Two digits right behind others in an element that is called a price: $229<span>99</span>.
        if (!named && content.Length == 2 && at == _text.Length - 1 && element.ParentElement?.ClassName is { } around) named = around.Contains("price", StringComparison.OrdinalIgnoreCase) || around.Contains("preis", StringComparison.OrdinalIgnoreCase);
        if (!named || marks.Contains("center", StringComparison.Ordinal) && element.LocalName is not ("sup" or "small")) return false;
        return content.Length >= 2 && content.Length <= 5 && char.IsAsciiDigit(content[0]) && char.IsAsciiDigit(content[1]) && (content.Length == 2 || !char.IsAsciiDigit(content[2]));
    }

    private static string Marks(IElement element)
    {
        string? classes = element.GetAttribute("class");
        string? id = element.Id;
        string? test = element.GetAttribute("data-testid") ?? element.GetAttribute("data-test-id") ?? element.GetAttribute("data-test") ?? element.GetAttribute("data-automation") ?? element.GetAttribute("data-qa") ?? element.GetAttribute("data-hook")
            ?? element.GetAttribute("data-role") ?? element.GetAttribute("data-component");
        if (classes is null && id is null && test is null) return string.Empty;
        string marks = string.Join(' ', classes, id, test).Trim().ToLowerInvariant();
        return marks.Length > MaximumMarks ? marks[..MaximumMarks] : marks;
    }
}
