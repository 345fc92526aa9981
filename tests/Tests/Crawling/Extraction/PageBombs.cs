using System.Text;

namespace Touchstone.Tests.Crawling.Extraction;

/// <summary>Pages on which a reader's work could grow with the square of their length or faster; each of any length.</summary>
internal static class PageBombs
{
    public static IReadOnlyDictionary<string, Func<int, string>> All { get; } = new Dictionary<string, Func<int, string>>(StringComparer.Ordinal)
    {
        ["nested elements"] = static n => Repeat(n, static _ => "<div>"),
        ["nested elements of a drawing"] = static n => "<svg>" + Repeat(n, static _ => "<g>"),
        ["nested formatting"] = static n => Repeat(n, static _ => "<b>"),
        ["formatting that is opened again in each paragraph"] = static n => Repeat(n / 2, static i => $"<font color={i}>") + Repeat(n / 2, static _ => "<p>x"),
        ["links in paragraphs"] = static n => Repeat(n, static _ => "<a href=x><p>"),
        ["nested lists"] = static n => Repeat(n, static _ => "<ul><li>"),
        ["a long list"] = static n => "<ul>" + Repeat(n, static i => $"<li class=a><a href=x{i}><img src=y{i}>$5</a>"),
        ["formatting in a table"] = static n => "<table>" + Repeat(n, static _ => "<b>x"),
        ["elements that a table does not hold"] = static n => "<table>" + Repeat(n, static _ => "<i></i>"),
        ["elements that the rows of a table do not hold"] = static n => "<table>" + Repeat(n, static _ => "<tr><i>"),
        ["nested tables"] = static n => Repeat(n, static _ => "<table><tr><td>"),
        ["attributes"] = static n => "<div " + Repeat(n, static i => $"a{i}=1 ") + ">",
        ["ends without a beginning"] = static n => Repeat(n, static _ => "</p>"),
        ["comments"] = static n => Repeat(n, static _ => "<!--x-->"),
        ["prices"] = static n => Repeat(n, static i => $"<span class='price'>${i}.99</span>"),
        ["prices in one text"] = static n => "<p>" + Repeat(n, static i => $"${i}.99 "),
        ["headings"] = static n => Repeat(n, static _ => "<h1>Cup</h1>"),
        ["nested items"] = static n => Repeat(n, static _ => "<div itemscope itemprop='offers' itemtype='http://schema.org/Product'>"),
        ["properties of one item"] = static n => "<div itemscope itemtype='http://schema.org/Product'>" + Repeat(n, static _ => "<i itemprop=name>x</i>") + "</div>",
        ["an item that refers to many"] = static n => Repeat(n / 2, static i => $"<div id=r{i}>x</div>") + "<div itemscope itemtype='http://schema.org/Product' itemref='" + Repeat(n / 2, static i => $"r{i} ") + "'></div>",
        ["many items that refer to one"] = static n => "<div id=t>" + Repeat(n / 2, static _ => "<i itemprop=name>x</i>") + "</div>" + Repeat(n / 2, static _ => "<div itemscope itemtype='http://schema.org/Product' itemref=t></div>"),
        ["items that refer to the next two"] = static n =>
            Repeat(n, static i => $"<div id=a{i} itemscope itemprop=p itemref='a{i + 1} b{i + 1}'></div><div id=b{i} itemscope itemprop=p itemref='a{i + 1} b{i + 1}'></div>") + "<div itemscope itemtype='http://schema.org/Product' itemref='a0 b0'></div>",
        ["RDFa"] = static n => "<div vocab='http://schema.org/' typeof=Product>" + Repeat(n, static _ => "<i property=name>x</i>"),
        ["a long base"] = static n => $"<base href='http://shop.example/{new string('a', n / 2)}/'>" + Repeat(n / 2, static i => $"<a href=p{i}><img src=i{i}.jpg></a>"),
        ["many bases"] = static n => Repeat(n, static i => $"<base href='http://shop.example/{i}/'>"),
        ["links"] = static n => Repeat(n, static i => $"<a href='/p/{i}'>x</a>"),
        ["sharing tags"] = static n => Repeat(n, static i => $"<meta property='og:image' content='/{i}.jpg'>"),
        ["pictures"] = static n => "<div class=gallery>" + Repeat(n, static i => $"<img src='/{i}.jpg' width=800 height=800>"),
        ["styled backgrounds"] = static n => Repeat(n, static i => $"<div style='background-image:url(/{i}.jpg)'></div>"),
        ["one style of many backgrounds"] = static n => "<style>a{url(" + Repeat(Math.Min(n, 190_000), static _ => "background:") + "</style>",
        ["one style of many addresses"] = static n => "<style>a{background:" + Repeat(Math.Min(n, 190_000), static _ => "url(") + "</style>",
        ["one style of many comments"] = static n => "<style>a{background:url(" + Repeat(Math.Min(n, 190_000), static _ => "/*") + "</style>",
        ["a style of an element with many addresses"] = static n => "<div style='background:" + Repeat(n, static _ => "url(") + "'>",
        ["attributes of slashes"] = static n => Repeat(n, static _ => $"<img data-list='{new string('/', 19_000)}'>"),
        ["buttons"] = static n => Repeat(n, static _ => "<button>Add to cart</button>"),
        ["steps"] = static n => "<nav class=breadcrumb>" + Repeat(n, static i => $"<a href=/c{i}>x</a> > ") + "</nav>",
        ["labels"] = static n => "<table>" + Repeat(n, static i => $"<tr><th>GTIN</th><td>{i}</td></tr>"),
        ["scripts"] = static n => Repeat(n, static _ => "<script>window.x={\"a\":1}</script>"),
        ["an open script"] = static n => "<script>" + Repeat(n, static _ => "x={") + "</script>",
        ["nested JSON"] = static n => "<script type='application/ld+json'>" + Repeat(n, static _ => "{\"a\":[") + "</script>",
        ["a graph"] = static n => "<script type='application/ld+json'>{\"@graph\":[" + Repeat(n, static i => $"{{\"@id\":\"#{i}\",\"@type\":\"Product\",\"name\":\"x\",\"offers\":{{\"@id\":\"#o{i}\"}}}},") + "{}]}</script>",
        ["a graph whose nodes refer to the next one twice"] = static n => "<script type='application/ld+json'>{\"@graph\":["
            + Repeat(n, static i => $"{{\"@id\":\"#{i}\",\"@type\":\"Product\",\"name\":\"x\",\"isVariantOf\":[{{\"@id\":\"#{i + 1}\"}},{{\"@id\":\"#{i + 1}\"}}],\"offers\":[{{\"@id\":\"#{i + 1}\"}},{{\"@id\":\"#{i + 1}\"}}]}},") + "{}]}</script>",
    };

    private static string Repeat(int characters, Func<int, string> unit)
    {
        StringBuilder text = new(characters + 1024);
        for (int i = 0; text.Length < characters; i++) text.Append(unit(i));
        return text.ToString();
    }
}
