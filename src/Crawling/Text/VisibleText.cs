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

    // The place among the children is kept here: a node finds its next sibling by counting from the first.
    private static void Walk(INode root, StringBuilder text)
    {
        Stack<(INode Node, int Next)> open = new();
        open.Push((root, 0));
        while (open.TryPop(out (INode Node, int Next) at))
        {
            bool block = at.Node is IElement element && IsBlock(element.LocalName);
            if (at.Next == 0 && at.Node is IText leaf) text.Append(leaf.Data);
            else if (block && (at.Next == 0 || at.Next == at.Node.ChildNodes.Length)) text.Append(' ');
            bool silent = at.Node != root && at.Node is IElement named && IsSilent(named.LocalName);
            if (silent || at.Next == at.Node.ChildNodes.Length) continue;
            open.Push((at.Node, at.Next + 1));
            open.Push((at.Node.ChildNodes[at.Next], 0));
        }
    }
}
