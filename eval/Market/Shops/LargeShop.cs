using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Touchstone.Evaluation.Crawls;

namespace Touchstone.Market.Shops;

/// <summary>
/// A made shop of any size to measure crawlers with: a front page, departments, categories in pages of 24, and product pages of some 25 KB, half of them with
/// JSON-LD and half with microdata. With traps, each list has sorts, facets and their combinations, and a tip whose address names a session; beside it there are a calendar without
/// end, a basket that robots rules keep out, and pages about the shop. Every page is made once and kept.
/// </summary>
internal sealed class LargeShop
{
    private const int PerPage = 24, PerCategory = 50, CategoriesADepartment = 5;

    private static readonly string[] Things = ["Lantern", "Kettle", "Walnut Bowl", "Garden Chair", "Rain Jacket", "Copper Pan", "Desk Lamp", "Wool Blanket", "Bread Knife", "Toy Tractor"];
    private static readonly string[] Looks = ["Amber", "Birch", "Coral", "Dune", "Ember", "Fjord", "Grove", "Heron", "Iris", "Juniper", "Kelp", "Linden", "Maple", "Nettle", "Opal"];
    private static readonly string[] Colours = ["red", "green", "blue", "black"], Sizes = ["small", "medium", "large"], Sorts = ["price-asc", "price-desc", "name", "newest"];

    private readonly CrawlGround _ground;
    private readonly bool _traps;
    private readonly bool _sitemap;
    private readonly bool _flat;
    private readonly ConcurrentDictionary<string, byte[]> _made = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _paths = new(StringComparer.Ordinal);
    private readonly int _categories;

    /// <param name="ground">How many products there are, and where each request is noted.</param>
    /// <param name="sitemap">Whether robots.txt names a sitemap of all products.</param>
    /// <param name="flat">Whether the addresses of products look like any other page's.</param>
    public LargeShop(CrawlGround ground, bool traps, bool sitemap, bool flat)
    {
        (_ground, _traps, _sitemap, _flat) = (ground, traps, sitemap, flat);
        _categories = (ground.Products + PerCategory - 1) / PerCategory;
        for (int id = 0; id < ground.Products; id++) _paths[PathOf(id)] = id;
    }

    public void Map(WebApplication app) => app.Run(AnswerAsync);

    /// <summary>Answers a request, and notes it.</summary>
    public async Task AnswerAsync(HttpContext context)
    {
        string address = $"{context.Request.Path}{context.Request.QueryString}";
        _ground.Note(address);
        if (!_made.TryGetValue(address, out byte[]? page))
        {
            string? text = Page(context.Request.Path, context.Request.Query, address);
            page = text is null ? [] : Encoding.UTF8.GetBytes(text);
            _made[address] = page;
        }
        if (page.Length == 0)
        {
            context.Response.StatusCode = 404;
            return;
        }
        context.Response.ContentType = context.Request.Path.Value switch { "/robots.txt" => "text/plain; charset=utf-8", "/sitemap.xml" => "application/xml", _ => "text/html; charset=utf-8" };
        context.Response.ContentLength = page.Length;
        await context.Response.Body.WriteAsync(page, context.RequestAborted);
    }

    private string? Page(string path, IQueryCollection query, string address)
    {
        if (_paths.TryGetValue(path, out int id)) return Product(id);
        return path.Split('/', StringSplitOptions.RemoveEmptyEntries) switch
        {
            [] => Framed("Large Shop", $"<h1>Large Shop</h1><p>Everything for the house, the garden and the road.</p><ul class='grid'>{Each(Enumerable.Range(0, 8).Select(i => i * _ground.Products / 8), Card)}</ul>"),
            ["robots.txt"] => $"User-agent: *\nDisallow: /basket\nDisallow: /account\n{(_sitemap ? $"Sitemap: {_ground.Address}sitemap.xml\n" : "")}",
            ["sitemap.xml"] when _sitemap => $"<?xml version='1.0' encoding='UTF-8'?><urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{Each(Enumerable.Range(0, _ground.Products), i => $"<url><loc>{_ground.Address.AbsoluteUri.TrimEnd('/')}{PathOf(i)}</loc></url>")}</urlset>",
            ["c", var department] when Number(department) is { } d && d * CategoriesADepartment < _categories => Department(d),
            ["c", _, var category] when Number(category) is { } c && c < _categories => List(c, query, address),
            ["calendar"] when _traps => Calendar(query["month"].ToString()),
            ["about"] or ["delivery"] or ["privacy"] => Framed(path[1..], $"<h1>{path[1..]}</h1><p>We have sold things for many years, and we like them all.</p>"),
            _ => null,
        };
    }

    private string Department(int department) =>
        Framed($"Department {department}", $"<h1>Department {department}</h1><ul>{Each(Enumerable.Range(department * CategoriesADepartment, CategoriesADepartment).Where(c => c < _categories), c => $"<li><a href='{CategoryPath(c)}'>{CategoryName(c)}</a></li>")}</ul>");

    private string List(int category, IQueryCollection query, string address)
    {
        int first = category * PerCategory;
        int[] ids = [.. Enumerable.Range(first, Math.Min(PerCategory, _ground.Products - first)).Where(id => Has(query, "colour", Colours[id % Colours.Length]) && Has(query, "size", Sizes[id % Sizes.Length]))];
        int page = int.TryParse(query["page"], NumberStyles.None, CultureInfo.InvariantCulture, out int asked) ? asked : 1, pages = (ids.Length + PerPage - 1) / PerPage;
        if (page < 1 || page > Math.Max(1, pages)) return Framed("Nothing here", "<h1>Nothing here</h1>");
        string path = CategoryPath(category), kept = string.Concat(query.Where(q => q.Key != "page").Select(q => $"{q.Key}={q.Value}&amp;"));
        string turns = Each(Enumerable.Range(1, pages), n => n == page ? $"<b>{n}</b>" : $"<a href='{path}?{kept}page={n}'>{n}</a>");
        int[] shown = [.. ids.Skip((page - 1) * PerPage).Take(PerPage)];
        string arranging = !_traps ? "" : $"<div class='sorts'>{Each(Sorts, s => $"<a href='{path}?sort={s}'>{s}</a>")}</div><aside class='filters'>{Each(Colours, c => $"<a href='{path}?colour={c}'>{c}</a>")}{Each(Sizes, s => $"<a href='{path}?size={s}'>{s}</a>")}{Each(Colours.SelectMany(c => Sizes.Select(s => (c, s))), x => $"<a href='{path}?colour={x.c}&amp;size={x.s}'>{x.c}, {x.s}</a>")}</aside>";
        string tip = !_traps || shown.Length == 0 ? "" : $"<div class='tip'><a href='{PathOf(shown[0])}?sid={Session(address)}'>Our tip</a></div>";
        return Framed(CategoryName(category), $"<h1>{CategoryName(category)}</h1>{arranging}<ul class='grid'>{Each(shown, Card)}</ul>{tip}<nav class='pagination'>{turns}</nav>");
    }

    private static string Calendar(string month)
    {
        int at = int.TryParse(month, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int asked) ? asked : 0;
        return $"<html><body><h1>What is on, month {at}</h1><a href='/calendar?month={at - 1}'>Earlier</a><a href='/calendar?month={at + 1}'>Later</a><table>{Each(Enumerable.Range(1, 28), d => $"<tr><td>{d}</td><td>Nothing yet</td></tr>")}</table></body></html>";
    }

    private string Card(int id) =>
        $"<li class='card'><a href='{PathOf(id)}'><img src='/pictures/{id}-200.jpg' alt='{Name(id)}'><h3>{Name(id)}</h3></a><span class='price'>€{Price(id)}</span><a class='button' rel='nofollow' href='/basket?add={id}'>Add to basket</a></li>";

    private string Product(int id)
    {
        int category = id / PerCategory;
        string description = string.Concat(Enumerable.Range(0, 12).Select(i => $"<p>The {Name(id)} is made of what lasts, part {i}: it is easy to clean, easy to mend and easy to keep, and whoever has one for {(id % 9) + i} years will know why others ask for it.</p>"));
        string related = Each(Enumerable.Range(1, 6).Select(i => (category * PerCategory) + ((id + (i * 7)) % Math.Min(PerCategory, _ground.Products - (category * PerCategory)))), Card);
        string table = Each(Enumerable.Range(0, 20), i => $"<tr><th>Property {i}</th><td>{(id * 31 % (i + 7)) + i} of {i + 40}</td></tr>");
        string crumbs = $"<nav class='breadcrumb'><a href='/'>Home</a> / <a href='{DepartmentPath(category / CategoriesADepartment)}'>Department {category / CategoriesADepartment}</a> / <a href='{CategoryPath(category)}'>{CategoryName(category)}</a></nav>";
        string rest = $"<section class='description'>{description}</section><table class='facts'>{table}</table><section class='related'><h2>Others like it</h2><ul class='grid'>{related}</ul></section>";
        string buy = $"<form method='post' action='/basket'><button type='submit' class='add-to-cart'>Add to basket</button></form>";
        if (id % 2 == 0)
        {
            string json = $"{{\"@context\":\"https://schema.org\",\"@type\":\"Product\",\"name\":\"{Name(id)}\",\"sku\":\"{Sku(id)}\",\"brand\":{{\"@type\":\"Brand\",\"name\":\"{Brand(id)}\"}},\"image\":[\"/pictures/{id}-1.jpg\",\"/pictures/{id}-2.jpg\"],\"description\":\"A thing that lasts.\",\"offers\":{{\"@type\":\"Offer\",\"price\":\"{Price(id)}\",\"priceCurrency\":\"EUR\",\"availability\":\"https://schema.org/InStock\"}}}}";
            return Framed(Name(id), $"{crumbs}<div class='product'><h1>{Name(id)}</h1><img src='/pictures/{id}-1.jpg' alt=''><img src='/pictures/{id}-2.jpg' alt=''><p class='price'>€{Price(id)}</p>{buy}</div>{rest}", $"<script type='application/ld+json'>{json}</script>", PathOf(id));
        }
        return Framed(
            Name(id),
            $"{crumbs}<div class='product' itemscope itemtype='https://schema.org/Product'><h1 itemprop='name'>{Name(id)}</h1><img itemprop='image' src='/pictures/{id}-1.jpg' alt=''><img itemprop='image' src='/pictures/{id}-2.jpg' alt=''><span itemprop='brand'>{Brand(id)}</span> <span itemprop='sku'>{Sku(id)}</span><div itemprop='offers' itemscope itemtype='https://schema.org/Offer'><meta itemprop='priceCurrency' content='EUR'><span itemprop='price' content='{Price(id)}'>€{Price(id)}</span><link itemprop='availability' href='https://schema.org/InStock'></div>{buy}</div>{rest}",
            "",
            PathOf(id));
    }

    private string Framed(string title, string content, string head = "", string? canonical = null)
    {
        string menu = Each(Enumerable.Range(0, _categories), c => $"<li><a href='{CategoryPath(c)}'>{CategoryName(c)}</a></li>") + Each(Enumerable.Range(0, (_categories + CategoriesADepartment - 1) / CategoriesADepartment), d => $"<li><a href='{DepartmentPath(d)}'>Department {d}</a></li>");
        string named = canonical is null ? "" : $"<link rel='canonical' href='{canonical}'>";
        return $"<!DOCTYPE html><html lang='en'><head><meta charset='utf-8'><title>{title}</title>{named}{head}<link rel='stylesheet' href='/theme.css'><script src='/theme.js'></script></head><body><header><a href='/'>Large Shop</a><a href='/account'>Account</a><a href='/basket'>Basket</a></header><nav class='menu'><ul>{menu}</ul></nav><main>{content}</main><footer><a href='/about'>About us</a><a href='/delivery'>Delivery</a><a href='/privacy'>Privacy</a>{(_traps ? "<a href='/calendar?month=0'>What is on</a>" : "")}</footer><script>{new string(' ', 1)}var shop = {{ currency: 'EUR', country: 'DK', steps: [{string.Join(',', Enumerable.Range(0, 200))}] }};</script></body></html>";
    }

    private string PathOf(int id) => _flat ? $"/{Name(id).ToLowerInvariant().Replace(' ', '-')}-{Letters(id)}" : $"/product/{Name(id).ToLowerInvariant().Replace(' ', '-')}-{id}";

    private static string DepartmentPath(int department) => $"/c/department-{department}";

    private static string CategoryPath(int category) => $"/c/department-{category / CategoriesADepartment}/category-{category}";

    private static string CategoryName(int category) => $"{Things[category % Things.Length]}s, range {category}";

    private static string Name(int id) => $"{Looks[id % Looks.Length]} {Things[id / PerCategory % Things.Length]}";

    /// <summary>Of the identifier that a crawler has to read.</summary>
    private static string Sku(int id) => string.Create(CultureInfo.InvariantCulture, $"LS-{id}");

    private static string Brand(int id) => id % 3 == 0 ? "Norrvik" : "Halden";

    private static string Price(int id) => (10 + (id % 90) + 0.5m).ToString("0.00", CultureInfo.InvariantCulture);

    private static string Letters(int id) => string.Concat(id.ToString(CultureInfo.InvariantCulture).Select(c => (char)('a' + (c - '0'))));

    private static string Session(string address)
    {
        uint hash = 2_166_136_261;
        foreach (char c in address) hash = (hash ^ c) * 16_777_619;
        return hash.ToString("x8", CultureInfo.InvariantCulture);
    }

    private static bool Has(IQueryCollection query, string name, string value) => !query.TryGetValue(name, out var asked) || asked == value;

    private static int? Number(string segment) => int.TryParse(segment[(segment.LastIndexOf('-') + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;

    private static string Each<T>(IEnumerable<T> all, Func<T, string> html) => string.Concat(all.Select(html));
}
