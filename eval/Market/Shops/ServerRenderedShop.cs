using System.Globalization;
using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Touchstone.Market.Catalogue;

namespace Touchstone.Market.Shops;

/// <summary>A well-made shop: HTML from the server, JSON-LD, breadcrumbs, a sitemap index, pages of categories.</summary>
internal sealed class ServerRenderedShop(IReadOnlyList<DemoListing> listings, DemoPictures pictures)
{
    private const string Name = "Nordic Basket";
    private const int PageSize = 12;

    public void Map(WebApplication app)
    {
        app.MapGet("/robots.txt", (HttpContext http) => Results.Text($"User-agent: *\nAllow: /\nSitemap: {Root(http)}sitemap.xml\n"));
        app.MapGet("/sitemap.xml", (HttpContext http) => Xml($"<sitemapindex xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\"><sitemap><loc>{Root(http)}sitemap-products.xml</loc></sitemap></sitemapindex>"));
        app.MapGet("/sitemap-products.xml", (HttpContext http) => Xml(
            $"<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">{string.Concat(listings.Select(x => $"<url><loc>{Root(http)}{x.Path[1..]}</loc></url>"))}</urlset>"));
        app.MapGet("/", () => Page("Welcome", $"<h1>{Name}</h1><p>Things for home, play and travel.</p>{Cards(listings.Take(8))}"));
        app.MapGet("/about", () => Page("About us", "<h1>About us</h1><p>We are a small team that sends parcels from a warehouse near the harbour since 2014.</p>"));
        app.MapGet("/shipping", () => Page("Shipping", "<h1>Shipping</h1><p>Parcels leave within two days. Returns within 30 days.</p>"));
        app.MapGet("/category/{name}", (string name, int? page) => Category(name, page ?? 1));
        app.MapGet("/product/{slug}", (string slug, HttpContext http) => listings.FirstOrDefault(x => x.Path == $"/product/{slug}") is { } listing ? Product(listing, Root(http)) : Results.NotFound());
        app.MapGet("/media/{name}", (string name) => DemoShop.Picture(listings, pictures, name));
    }

    private static string Root(HttpContext http) => $"http://{http.Request.Host}/";

    private static IResult Xml(string body) => Results.Content($"<?xml version=\"1.0\" encoding=\"UTF-8\"?>{body}", "application/xml");

    private IResult Category(string name, int page)
    {
        DemoListing[] all = [.. listings.Where(x => string.Equals(x.Category, name, StringComparison.OrdinalIgnoreCase))];
        int last = Math.Max(1, (all.Length + PageSize - 1) / PageSize);
        if (all.Length == 0 || page < 1 || page > last) return Results.NotFound();
        string next = page < last ? $"<a rel='next' href='/category/{name}?page={page + 1}'>Next page</a>" : "";
        return Page(all[0].Category, $"<h1>{all[0].Category}</h1>{Cards(all.Skip((page - 1) * PageSize).Take(PageSize))}<nav>{next}</nav>");
    }

    private static string Cards(IEnumerable<DemoListing> shown) => $"<ul class='cards'>{string.Concat(shown.Select(x =>
        $"<li><a href='{x.Path}'>{WebUtility.HtmlEncode(x.Title)}</a> <span>€{x.Price.ToString("0.00", CultureInfo.InvariantCulture)}</span></li>"))}</ul>";

    private IResult Product(DemoListing listing, string root)
    {
        string[] images = listing.Fault == PictureFault.NoPicture ? [] : [.. listing.Pictures.Select((_, i) => $"{root}media/{listing.PictureName(i)}")];
        var facts = new Dictionary<string, object?>
        {
            ["@context"] = "https://schema.org",
            ["@type"] = "Product",
            ["name"] = listing.Title,
            ["description"] = listing.Description,
            ["sku"] = $"NB-{listing.Number}",
            ["offers"] = new Dictionary<string, object>
            {
                ["@type"] = "Offer",
                ["price"] = listing.Price.ToString("0.00", CultureInfo.InvariantCulture),
                ["priceCurrency"] = "EUR",
                ["availability"] = "https://schema.org/InStock",
                ["url"] = $"{root}{listing.Path[1..]}",
                ["seller"] = new Dictionary<string, object> { ["@type"] = "Organization", ["name"] = Name },
            },
        };
        if (images.Length > 0) facts["image"] = images;
        if (listing.StatesIdentifiers)
        {
            facts["brand"] = new Dictionary<string, object> { ["@type"] = "Brand", ["name"] = listing.Design.Brand };
            facts["mpn"] = listing.Design.Model;
            facts["gtin13"] = listing.Design.Gtin;
        }
        var crumbs = new Dictionary<string, object>
        {
            ["@context"] = "https://schema.org",
            ["@type"] = "BreadcrumbList",
            ["itemListElement"] = new object[] { Crumb(1, "Home", root), Crumb(2, listing.Category, $"{root}category/{listing.Category.ToLowerInvariant()}") },
        };
        string gallery = string.Concat(images.Select(x => $"<img src='{x}' alt='{WebUtility.HtmlEncode(listing.Title)}' width='512' height='512'>"));
        return Page(
            listing.Title,
            $"<h1>{WebUtility.HtmlEncode(listing.Title)}</h1><div class='gallery'>{gallery}</div><p class='price'>€{listing.Price.ToString("0.00", CultureInfo.InvariantCulture)}</p><p>{listing.Description}</p><button>Add to basket</button>",
            $"<script type='application/ld+json'>{JsonSerializer.Serialize(facts)}</script><script type='application/ld+json'>{JsonSerializer.Serialize(crumbs)}</script>");
    }

    private static Dictionary<string, object> Crumb(int position, string name, string item) => new() { ["@type"] = "ListItem", ["position"] = position, ["name"] = name, ["item"] = item };

    private IResult Page(string title, string body, string head = "")
    {
        string menu = string.Concat(listings.Select(x => x.Category).Distinct().Order(StringComparer.Ordinal).Select(x => $"<a href='/category/{x.ToLowerInvariant()}'>{x}</a> "));
        return DemoShop.Html($"<!doctype html><html lang='en'><head><meta charset='utf-8'><title>{WebUtility.HtmlEncode(title)} – {Name}</title>{head}</head><body><header><a href='/'>{Name}</a> {menu}</header><main>{body}</main><footer><a href='/about'>About us</a> <a href='/shipping'>Shipping</a></footer></body></html>");
    }
}
