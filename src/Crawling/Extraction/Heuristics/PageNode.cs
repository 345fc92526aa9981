using AngleSharp.Dom;

namespace Touchstone.Crawling.Extraction.Heuristics;

/// <summary>Where an element stands, as far as markup tells without layout.</summary>
[Flags]
internal enum Place
{
    None = 0,

    /// <summary>Not shown: inline style, the hidden attribute or a class of that name.</summary>
    Hidden = 1,

    /// <summary>Navigation, header, footer, mini cart, cookie banner, newsletter.</summary>
    Chrome = 2,

    /// <summary>Related, similar, recommended or recently seen products.</summary>
    Related = 4,

    /// <summary>Crossed out: del, s, strike or a line-through style.</summary>
    Struck = 8,

    /// <summary>Reviews and comments.</summary>
    Reviews = 16,
}

/// <summary>An element in document order with its subtree as a range of indices and its text as a range of the page's text.</summary>
internal sealed class PageNode(IElement element, int index, PageNode? parent, string marks)
{
    public IElement Element { get; } = element;

    public int Index { get; } = index;

    public PageNode? Parent { get; } = parent;

    /// <summary>Class, id and the naming attributes in lower case, for looking up words.</summary>
    public string Marks { get; } = marks;

    /// <summary>The index of the last descendant.</summary>
    public int Last { get; set; } = index;

    public int TextStart { get; set; }

    public int TextEnd { get; set; }

    /// <summary>Whether it has no text that a reader sees: it is here for its pictures.</summary>
    public bool IsSilent { get; init; }

    public Place Place { get; set; }

    public string Tag => Element.LocalName;

    public bool Contains(PageNode other) => other.Index >= Index && other.Index <= Last;

    public bool Is(Place place) => (Place & place) != 0;
}
