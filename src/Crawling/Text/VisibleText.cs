using System.Text;
using AngleSharp.Dom;

namespace Touchstone.Crawling.Text;

/// <summary>Turns markup into the text a reader sees: white space collapsed, scripts and styles left out. Iterative, so that deep markup cannot exhaust the stack.</summary>
internal static class VisibleText
{
    public static string Of(INode root)
    {
        StringBuilder text = new();
        Walk(root, text);
        return Collapse(text.ToString());
    }

    public static string Collapse(string text)
    {
        StringBuilder result = new(text.Length);
        bool space = false;
        foreach (char c in text)
        {
            if (char.IsWhiteSpace(c) || char.IsControl(c) || c is '\u200B' or '\uFEFF' or '\u00AD')
            {
                space |= c is not ('\u200B' or '\uFEFF' or '\u00AD');
                continue;
            }
            if (space && result.Length > 0) result.Append(' ');
            space = false;
            result.Append(c);
        }
        return result.ToString();
    }

    public static bool IsSilent(string localName) =>
        localName is "script" or "style" or "template" or "noscript" or "head" or "svg" or "iframe" or "object";

    public static bool IsBlock(string localName) => localName is "p" or "div" or "li" or "ul" or "ol" or "br" or "tr" or "td" or "th" or "table" or "h1" or "h2"
        or "h3" or "h4" or "h5" or "h6" or "section" or "article" or "header" or "footer" or "nav" or "dl" or "dt" or "dd" or "form" or "option" or "select"
        or "button" or "label" or "tbody" or "thead" or "fieldset" or "figure" or "figcaption" or "blockquote" or "pre" or "hr" or "main" or "aside";

    private static void Walk(INode root, StringBuilder text)
    {
        INode? node = root;
        while (node is not null)
        {
            bool descend = true;
            if (node is IText leaf) text.Append(leaf.Data);
            else if (node is IElement element)
            {
                descend = node == root || !IsSilent(element.LocalName);
                if (IsBlock(element.LocalName)) text.Append(' ');
            }
            if (descend && node.FirstChild is { } child)
            {
                node = child;
                continue;
            }
            while (node is not null && node != root && node.NextSibling is null)
            {
                node = node.Parent;
                if (node is IElement closed && IsBlock(closed.LocalName)) text.Append(' ');
            }
            node = node is null || node == root ? null : node.NextSibling;
        }
    }
}
